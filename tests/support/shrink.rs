//! Makes a failing site small.

use serde_json::Value as Json;

use super::generate::{Content, Site};

/// How many times smaller sites may be tried.
const ROUNDS: usize = 80;

/// How many sites are tried at once.
const CANDIDATES: usize = 160;

/// Texts up to this length are also shortened byte by byte.
const SHORT: usize = 600;

/// Leaves out files, options, lines and bytes for as long as `fails` still says so of some smaller site.
pub(crate) fn shrink(site: Site, fails: impl Fn(&[Site]) -> Vec<bool>) -> Site {
    let mut smallest = site;
    for _ in 0..ROUNDS {
        let smaller = [whole_parts, by_lines, by_bytes].into_iter().find_map(|cut| {
            let mut candidates = cut(&smallest);
            candidates.sort_by_key(size);
            candidates.truncate(CANDIDATES);
            let failing = fails(&candidates);
            candidates.into_iter().zip(failing).find_map(|(site, fails)| fails.then_some(site))
        });
        match smaller {
            Some(site) => smallest = site,
            None => break,
        }
    }
    smallest
}

fn size(site: &Site) -> usize {
    let of = |(path, content): (&String, &Content)| {
        path.len() + 8 + if let Content::File(text) = content { text.len() } else { 0 }
    };
    site.files.iter().map(of).sum::<usize>() + Json::Object(site.options.clone()).to_string().len()
}

/// Without one file, or without one value of the options.
fn whole_parts(site: &Site) -> Vec<Site> {
    let without_file = site.files.keys().map(|path| {
        let mut site = site.clone();
        site.files.remove(path);
        site
    });
    let without_option = without_one(&Json::Object(site.options.clone())).into_iter().map(|options| {
        let options = if let Json::Object(options) = options { options } else { site.options.clone() };
        Site { files: site.files.clone(), options }
    });
    without_file.chain(without_option).collect()
}

/// The value with one of its members left out, at any depth.
fn without_one(value: &Json) -> Vec<Json> {
    let mut found = Vec::new();
    match value {
        Json::Object(object) => {
            for (key, inner) in object {
                let mut shorter = object.clone();
                shorter.remove(key);
                found.push(Json::Object(shorter));
                for inner in without_one(inner) {
                    let mut changed = object.clone();
                    changed.insert(key.clone(), inner);
                    found.push(Json::Object(changed));
                }
            }
        }
        Json::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let mut shorter = items.clone();
                shorter.remove(index);
                found.push(Json::Array(shorter));
                for inner in without_one(inner) {
                    let mut changed = items.clone();
                    changed[index] = inner;
                    found.push(Json::Array(changed));
                }
            }
        }
        _ => {}
    }
    found
}

fn by_lines(site: &Site) -> Vec<Site> {
    without_runs(site, |text| text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect())
}

fn by_bytes(site: &Site) -> Vec<Site> {
    without_runs(
        site,
        |text| {
            if text.len() > SHORT { Vec::new() } else { text.iter().map(|byte| vec![*byte]).collect() }
        },
    )
}

/// Every file without a run of its pieces: halves first, then ever shorter runs.
fn without_runs(site: &Site, pieces: fn(&[u8]) -> Vec<Vec<u8>>) -> Vec<Site> {
    let mut found = Vec::new();
    for (path, content) in &site.files {
        let Content::File(text) = content else { continue };
        let pieces = pieces(text);
        let mut length = pieces.len();
        while length > 0 {
            for start in (0..pieces.len()).step_by(length) {
                let end = (start + length).min(pieces.len());
                let rest = [&pieces[..start], &pieces[end..]].concat().concat();
                let mut site = site.clone();
                site.files.insert(path.clone(), Content::File(rest));
                found.push(site);
            }
            length /= 2;
        }
    }
    found
}
