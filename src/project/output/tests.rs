#![allow(clippy::unwrap_used)]

use super::fate::Fate;
use super::{Build, Effect};
use crate::project::command::follow::{Start, follow};
use crate::project::command::{NoJudge, Shell};
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;
use crate::text::span::Span;

/// Files that make a folder more than configuration.
const PAGE: (&str, &str) = ("index.html", "<!doctype html>");

struct Site {
    snapshot: Snapshot,
    sources: Sources,
    build: Build,
}

fn site(files: &[(&str, &str)], command: &str) -> Site {
    site_with(files, command, &[])
}

fn site_with(files: &[(&str, &str)], command: &str, environment: &[(&str, &str)]) -> Site {
    let files = files.iter().chain([&PAGE]).map(|(path, text)| (*path, text.as_bytes()));
    let snapshot = Snapshot::in_memory(files);
    let mut sources = Sources::default();
    let start = Start {
        snapshot: &snapshot,
        command,
        span: Span::NONE,
        shell: Shell::Bash,
        dir: "",
        checkout: "",
        judge: &NoJudge,
        is_pristine: true,
    };
    let trace = follow(&start, &mut sources);
    let environment: Vec<(String, String)> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let build = Build::new(&snapshot, &trace, &environment, &mut sources);
    Site { snapshot, sources, build }
}

impl Site {
    /// The folder that is built, `?` when that is unknown, `-` when nothing is.
    fn output(&self) -> String {
        match self.build.events.as_slice() {
            [] => "-".to_owned(),
            [only] => match &only.effect {
                Effect::Builds(product) => product.folder.path.clone(),
                Effect::Fills(path) => path.clone(),
                _ => "?".to_owned(),
            },
            _ => "?".to_owned(),
        }
    }

    fn fate(&self, folder: &str) -> Fate {
        self.build.fate(&self.snapshot, &self.sources, folder)
    }
}

/// A command, files, and the folder that is built.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

fn check(rows: &[Row<'_>]) {
    for (command, files, expected) in rows {
        assert_eq!(site(files, command).output(), *expected, "{command} with {files:?}");
    }
}

#[test]
fn bundlers_write_where_they_usually_do_or_are_told_to() {
    let vite = |text: &'static str| [("vite.config.js", text)];
    check(&[
        ("vite build", &[], "dist"),
        ("vite build --outDir=public/app", &[], "public/app"),
        ("vite build site --outDir ../out", &[("site/main.js", "")], "out"),
        ("vite build $WHERE", &[], "?"),
        ("vite", &[], "-"),
        ("vite build", &vite("export default defineConfig({ build: { outDir: './build' } })"), "build"),
        (
            "vite build",
            &vite("export default defineConfig(({ mode }) => ({ root: 'src', build: { outDir: '../www' } }))"),
            "www",
        ),
        (
            "vite build",
            &vite("import path from 'path'; export default { build: { outDir: path.resolve(__dirname, 'out') } }"),
            "out",
        ),
        ("vite build", &vite("export default { build: { outDir: process.env.OUT || 'dist' } }"), "?"),
        ("vite build", &vite("import base from './base'; export default { ...base }"), "?"),
        (
            "vite build",
            &vite("import laravel from 'laravel-vite-plugin'; export default { plugins: [laravel()] }"),
            "?",
        ),
        ("react-scripts build", &[], "build"),
        ("BUILD_PATH=./out react-scripts build", &[], "out"),
        ("react-scripts build", &[(".env", "BUILD_PATH=x")], "?"),
        ("craco build", &[("craco.config.js", "module.exports = { webpack: { configure: { output: {} } } }")], "?"),
        ("vue-cli-service build", &[("vue.config.js", "module.exports = { outputDir: 'public' }")], "public"),
        ("vue-cli-service build --dest out", &[], "out"),
        ("parcel build index.html", &[], "dist"),
        ("parcel build index.html -d out", &[], "out"),
        ("parcel build", &[("package.json", r#"{"targets": {"web": {"distDir": "x"}}}"#)], "?"),
        ("webpack --mode production", &[], "dist"),
        ("webpack -o out", &[], "out"),
        (
            "webpack",
            &[(
                "webpack.config.js",
                "const path = require('path'); module.exports = { output: { path: path.join(__dirname, 'web', 'out') } }",
            )],
            "web/out",
        ),
        ("webpack --config a.js", &[("a.js", "module.exports = merge(common, {})")], "?"),
        ("webpack serve", &[], "-"),
        ("ember build", &[], "dist"),
        ("quasar build", &[], "dist/spa"),
        ("expo export -p web", &[], "dist"),
        ("esbuild src/a.js --outfile=www/js/a.js", &[], "www/js"),
    ]);
}

#[test]
fn generators_write_where_they_usually_do_or_are_told_to() {
    let eleventy = |text: &'static str| [(".eleventy.js", text)];
    check(&[
        ("gatsby build", &[], "public"),
        ("astro build", &[], "dist"),
        (
            "astro build",
            &[("astro.config.mjs", "export default defineConfig({ outDir: './out', srcDir: './x' })")],
            "out",
        ),
        (
            "astro build",
            &[("astro.config.mjs", "import node from '@astrojs/node'; export default { adapter: node() }")],
            "?",
        ),
        (
            "astro build",
            &[("astro.config.mjs", "import n from '@astrojs/netlify'; export default { adapter: n() }")],
            "dist",
        ),
        ("astro check", &[], "-"),
        ("eleventy", &[], "_site"),
        ("npx @11ty/eleventy@2 --output=out", &[], "out"),
        (
            "eleventy",
            &eleventy(
                "module.exports = function (config) { config.addFilter('x', (d) => { return d; }); return { dir: { input: 'src', output: 'www' } }; }",
            ),
            "www",
        ),
        ("eleventy", &eleventy("export default function (config) { config.setOutputDirectory('www'); }"), "www"),
        ("eleventy", &eleventy("module.exports = function (config) { config.addPlugin(rss); }"), "_site"),
        ("eleventy", &eleventy("module.exports = (config) => ({ dir: { output: process.env.OUT } })"), "?"),
        ("eleventy --dryrun", &[], "-"),
        ("docusaurus build", &[("docusaurus.config.js", "")], "build"),
        ("docusaurus build --out-dir www", &[("docusaurus.config.js", "")], "www"),
        ("docusaurus build", &[], "?"),
        ("vitepress build docs", &[("docs/index.md", "")], "docs/.vitepress/dist"),
        (
            "vitepress build docs",
            &[("docs/.vitepress/config.mts", "export default defineConfig({ outDir: '../public' })")],
            "public",
        ),
        ("vuepress build docs", &[("docs/.vuepress/config.js", "module.exports = { dest: 'public' }")], "public"),
        ("gridsome build", &[("gridsome.config.js", "module.exports = { outputDir: 'out' }")], "out"),
        ("hexo generate", &[("_config.yml", "public_dir: www\n")], "www"),
        ("storybook build -o docs-ui", &[], "docs-ui"),
        ("build-storybook", &[], "storybook-static"),
        ("sapper export", &[], "__sapper__/export"),
    ]);
}

#[test]
fn engines_write_where_they_usually_do_or_are_told_to() {
    check(&[
        ("hugo --gc --minify", &[("hugo.toml", "title = 'x'")], "public"),
        ("hugo", &[("config.yaml", "publishdir: out\n")], "out"),
        ("hugo", &[("config/_default/hugo.toml", "publishDir = 'out'")], "out"),
        ("hugo", &[], "?"),
        ("hugo version", &[], "-"),
        ("hugo -d www", &[], "www"),
        ("hugo -d ../dist -s site -v", &[("site/config.toml", ""), ("site/content/a.md", "")], "dist"),
        ("hugo --destination=$OUT", &[], "?"),
        ("HUGO_PUBLISHDIR=w hugo", &[("hugo.toml", "publishDir = 'x'")], "w"),
        ("hugo -s site", &[("site/hugo.toml", ""), ("site/content/a.md", "")], "site/public"),
        ("bundle exec jekyll build", &[("_config.yml", "title: x\n")], "_site"),
        ("jekyll build", &[("_config.yml", "destination: ./public\n")], "public"),
        ("jekyll build --config a.yml,b.yml", &[("a.yml", "destination: a\n"), ("b.yml", "x: y\n")], "a"),
        ("jekyll build -d out", &[], "out"),
        ("mkdocs build", &[("mkdocs.yml", "site_name: x\nmarkdown_extensions:\n  - a: !!python/name:b.c\n")], "site"),
        ("python -m mkdocs build", &[("mkdocs.yml", "site_dir: public\n")], "public"),
        ("mkdocs build", &[("mkdocs.yml", "site_dir: !ENV OUT\n")], "?"),
        ("poetry run mkdocs build -d x", &[("mkdocs.yml", "a: b\n")], "x"),
        ("mkdocs build", &[], "?"),
        ("zola build", &[("config.toml", "output_dir = 'x'")], "x"),
        ("mdbook build", &[("book.toml", "[build]\nbuild-dir = 'out'")], "out"),
        ("sphinx-build -b html docs out/html", &[], "out/html"),
        ("sphinx-build -M html docs _build", &[], "_build/html"),
        ("pelican content", &[], "?"),
    ]);
}

#[test]
fn applications_write_what_their_adapter_mode_or_version_says() {
    let next = |text: &'static str| [("next.config.js", text)];
    let kit = "import { sveltekit } from '@sveltejs/kit/vite'; export default { plugins: [sveltekit()] }";
    let static_kit = "import adapter from '@sveltejs/adapter-static'; const config = { kit: { adapter: adapter({ pages: 'out' }) } }; export default config;";
    let netlify_kit =
        "import adapter from '@sveltejs/adapter-netlify'; export default { kit: { adapter: adapter() } };";
    let auto_kit = "import adapter from '@sveltejs/adapter-auto'; export default { kit: { adapter: adapter() } };";
    let angular = |build: &str| format!(r#"{{"projects": {{"app": {{"architect": {{"build": {build}}}}}}}}}"#);
    let application = angular(r#"{"builder": "@angular/build:application", "options": {"outputPath": "dist/app"}}"#);
    let newest = angular(r#"{"builder": "@angular/build:application", "options": {}}"#);
    let object = angular(
        r#"{"builder": "@angular/build:application", "options": {"outputPath": {"base": "dist", "browser": ""}}}"#,
    );
    let old = angular(r#"{"builder": "@angular-devkit/build-angular:browser", "options": {"outputPath": "dist/x"}}"#);
    check(&[
        ("next build", &[], ".next"),
        ("next build", &next("module.exports = { distDir: 'build' }"), "build"),
        ("next build", &next("module.exports = { output: 'export' }"), "out"),
        (
            "next build",
            &next("const withMDX = require('@next/mdx')(); module.exports = withMDX({ reactStrictMode: true })"),
            ".next",
        ),
        ("next build", &next("module.exports = { output: process.env.MODE }"), "?"),
        ("nuxt generate", &[("package.json", r#"{"dependencies": {"nuxt": "^3.4.0"}}"#)], "dist"),
        ("nuxt generate", &[("package.json", r#"{"dependencies": {"nuxt": "^2.15.0"}}"#)], "dist"),
        ("nuxt build", &[("package.json", r#"{"dependencies": {"nuxt": "^2.15.0"}}"#)], "?"),
        ("vite build", &[("vite.config.js", kit), ("svelte.config.js", static_kit)], "out"),
        ("vite build", &[("vite.config.js", kit), ("svelte.config.js", netlify_kit)], "build"),
        (
            "vite build",
            &[("vite.config.js", kit), ("svelte.config.js", netlify_kit), ("netlify.toml", "[build]\npublish = 'www'")],
            "www",
        ),
        ("vite build", &[("vite.config.js", kit), ("svelte.config.js", auto_kit)], "?"),
        ("react-router build", &[], "build/client"),
        ("remix vite:build", &[("vite.config.ts", "export default {}")], "build/client"),
        ("ng build", &[("angular.json", &application)], "dist/app/browser"),
        ("ng build", &[("angular.json", &newest)], "dist/app/browser"),
        ("ng build", &[("angular.json", &object)], "dist"),
        ("ng build", &[("angular.json", &old)], "dist/x"),
        ("ng build --output-path www", &[("angular.json", &old)], "www"),
    ]);
}

#[test]
fn configurations_of_several_modules_are_followed() {
    let paths = (
        "config/paths.js",
        "const path = require('path'); module.exports = { build: path.resolve(__dirname, '../www') }",
    );
    let common =
        ("config/common.js", "const paths = require('./paths'); module.exports = { output: { path: paths.build } }");
    let bare = ("config/bare.js", "module.exports = { entry: './x' }");
    let merged = |arguments: &str| {
        let text = format!(
            "const {{ merge }} = require('webpack-merge'); const common = require('./common'); const bare = require('./bare'); const paths = require('./paths'); module.exports = merge({arguments});"
        );
        site(&[paths, common, bare, ("config/prod.js", &text)], "webpack --config config/prod.js").output()
    };
    assert_eq!(merged("common, { mode: 'production' }"), "www");
    assert_eq!(merged("bare, { output: { path: paths.build } }"), "www");
    assert_eq!(merged("common, { output: { path: '/srv' } }"), "?");
    assert_eq!(merged("common, { output: { path: __dirname + '/out' } }"), "config/out");
    assert_eq!(merged("bare, {}"), "dist");
    assert_eq!(merged("common, other()"), "?");
    let rollup = |text: &str| site(&[("rollup.config.js", text)], "rollup -c").output();
    assert_eq!(rollup("export default { output: { file: 'public/build/bundle.js' } }"), "public/build");
    assert_eq!(rollup("export default [{ output: { file: 'a/b.js' } }]"), "?");
    assert_eq!(rollup("import copy from 'rollup-plugin-copy'; export default { output: { dir: 'a' } }"), "?");
}

#[test]
fn programs_are_found_behind_those_that_only_run_them() {
    let script =
        [("package.json", r#"{"scripts": {"build": "vue-tsc -b && vite build"}, "devDependencies": {"vite": "5"}}"#)];
    let all = site(&script, "npm run build");
    assert_eq!(all.build.products().map(|product| product.folder.path.as_str()).collect::<Vec<_>>(), ["dist"]);
    check(&[
        ("cross-env A=b vite build", &[], "dist"),
        ("node --max-old-space-size=4096 node_modules/.bin/react-scripts build", &[], "build"),
        ("node node_modules/vite/bin/vite.js build", &[], "dist"),
        ("npm ci && ./node_modules/.bin/gatsby build", &[], "public"),
        ("uvx mkdocs build", &[("mkdocs.yml", "a: b\n")], "site"),
        ("make html", &[], "?"),
        ("npm ci", &[], "-"),
        ("echo done", &[], "-"),
    ]);
}

#[test]
fn a_folder_is_there_when_something_surely_makes_it() {
    let built = site(&[], "vite build");
    assert_eq!(built.fate("dist"), Fate::Present);
    assert_eq!(built.fate("build"), Fate::Absent);
    assert_eq!(built.fate("Dist"), Fate::Absent);
    assert_eq!(built.fate("dist/html"), Fate::Absent);
    assert_eq!(built.fate("dist/assets"), Fate::Unknown);
    assert_eq!(built.fate("index.html"), Fate::File);
    let deep = site(&[], "vite build --outDir a/b");
    assert_eq!((deep.fate("a"), deep.fate("a/b"), deep.fate("b")), (Fate::Present, Fate::Present, Fate::Absent));
}

#[test]
fn a_part_of_an_output_may_be_there_when_something_is_called_like_it() {
    for file in ["public/html/a.txt", "src/html.md"] {
        assert_eq!(site(&[(file, "")], "vite build").fate("dist/html"), Fate::Unknown, "{file}");
    }
    let configured = [("vite.config.js", "export default { x: 'widgets' }")];
    assert_eq!(site(&configured, "vite build").fate("dist/widgets"), Fate::Unknown);
    assert_eq!(site(&configured, "vite build").fate("dist/gadgets"), Fate::Absent);
}

#[test]
fn folders_that_are_copied_moved_or_removed_count() {
    let fate = |command: &str, folder: &str| site(&[("docs/a.html", "")], command).fate(folder);
    assert_eq!(fate("vite build && cp -r dist build", "build"), Fate::Present);
    assert_eq!(fate("vite build && mv dist build", "dist"), Fate::Absent);
    assert_eq!(fate("vite build && mv dist build", "build"), Fate::Present);
    assert_eq!(fate("mkdir -p out/site", "out"), Fate::Present);
    assert_eq!(fate("rm -rf docs", "docs"), Fate::Absent);
    assert_eq!(fate("rimraf ./docs/", "docs"), Fate::Absent);
    assert_eq!(fate("rm docs; rmdir docs; vite build", "docs"), Fate::Present);
    assert_eq!(fate("rm -rf docs/* && vite build", "docs"), Fate::Present);
    assert_eq!(fate("rm -rf docs && mkdir docs", "docs"), Fate::Present);
    assert_eq!(fate("test -d x && mkdir out", "out"), Fate::Unknown);
    assert_eq!(fate("vite build || true", "dist"), Fate::Present);
    assert_eq!(fate("true || vite build", "dist"), Fate::Absent);
}

#[test]
fn an_unknown_program_may_make_any_folder() {
    let script = |text: &str| {
        site(&[("gen.js", text), ("lib.js", "exports.out = 'www'")], "node gen.js && vite build").fate("www")
    };
    assert_eq!(script("require('fs').writeFileSync('robots.txt', '')"), Fate::Absent);
    assert_eq!(script("require('fs').mkdirSync('www')"), Fate::Unknown);
    assert_eq!(script("require('fs').mkdirSync(require('./lib').out)"), Fate::Unknown);
    assert_eq!(script("require('fs').mkdirSync(process.env.OUT)"), Fate::Unknown);
    assert_eq!(script("require('child_process').execSync('make')"), Fate::Unknown);
    assert_eq!(script("require('gulp')"), Fate::Unknown);
    assert_eq!(site(&[], "node gone.js && vite build").fate("www"), Fate::Unknown);
    assert_eq!(site(&[], "vite build && ./deploy.sh").fate("dist"), Fate::Present);
    assert_eq!(site(&[], "eval \"$CMD\"").fate("dist"), Fate::Unknown);
    assert_eq!(site(&[("tsconfig.json", "{\"outDir\": \"lib\"}")], "tsc && vite build").fate("lib"), Fate::Unknown);
    assert_eq!(site(&[("tsconfig.json", "{\"outDir\": \"lib\"}")], "tsc && vite build").fate("build"), Fate::Absent);
}

#[test]
fn without_sources_the_output_is_not_known() {
    let files =
        [("package.json", "{}"), ("netlify.toml", "")].map(|(path, text): (&str, &str)| (path, text.as_bytes()));
    let snapshot = Snapshot::in_memory(files);
    let mut sources = Sources::default();
    let start = Start {
        snapshot: &snapshot,
        command: "vite build",
        span: Span::NONE,
        shell: Shell::Bash,
        dir: "",
        checkout: "",
        judge: &NoJudge,
        is_pristine: true,
    };
    let trace = follow(&start, &mut sources);
    let build = Build::new(&snapshot, &trace, &[], &mut sources);
    assert_eq!(build.products().count(), 0);
    assert_eq!(build.doubts().count(), 1);
}

#[test]
fn variables_of_the_build_count() {
    assert_eq!(site_with(&[], "react-scripts build", &[("BUILD_PATH", "www")]).output(), "www");
}
