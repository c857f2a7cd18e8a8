//! npm's own commands, and how it reads abbreviated ones (`npm/lib/utils/cmd-list.js`).

/// Commands of npm 7 to 11 and their aliases; a command that one of these versions has counts as known.
const COMMANDS: &str = "access adduser approve-scripts audit birthday bin bugs cache ci completion config dedupe deny- \
    scripts deprecate diff dist-tag docs doctor edit exec explain explore find-dupes fund get help help- \
    search hook init install install-ci-test install-scripts install-test link ll login logout ls org \
    outdated owner pack ping pkg prefix profile prune publish query rebuild repo restart root run sbom \
    search set set-script shrinkwrap stage star stars start stop team test token trust undeprecate \
    uninstall unpublish unstar update version whoami";

/// Aliases with the commands that they stand for.
const ALIASES: &str = "author:owner home:docs issues:bugs info:view show:view view:view find:search add:install unlink:uninstall \
    remove:uninstall rm:uninstall r:uninstall un:uninstall rb:rebuild list:ls ln:link create:init i:install \
    it:install-test cit:install-ci-test up:update c:config s:search se:search tst:test t:test ddp:dedupe v:view \
    run-script:run clean-install:ci clean-install-test:install-ci-test x:exec why:explain la:ll verison:version \
    ic:ci innit:init in:install ins:install inst:install insta:install instal:install isnt:install isnta:install \
    isntal:install isntall:install install-clean:ci isntall-clean:ci hlep:help dist-tags:dist-tag upgrade:update \
    udpate:update rum:run sit:install-ci-test urn:run ogr:org add-user:adduser u:update login:adduser login- \
    user:adduser apihelp:help find-dupes:dedupe la:ls ll:ls unstar:star cit:install-ci-test";

/// The command that npm takes a word for: itself, an alias, or the one that it abbreviates.
///
/// `None` when npm knows no such command and stops. An abbreviation counts when it can be no other command.
#[must_use]
pub fn command(word: &str) -> Option<&'static str> {
    let word: String = word
        .chars()
        .flat_map(|c| if c.is_ascii_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] })
        .collect();
    let commands = || {
        COMMANDS.split(' ').map(|name| (name, name)).chain(ALIASES.split(' ').filter_map(|pair| pair.split_once(':')))
    };
    let exact = commands().find(|(name, _)| *name == word);
    let abbreviated = || commands().find(|(name, _)| !word.is_empty() && name.starts_with(word.as_str()));
    exact.or_else(abbreviated).map(|(_, command)| command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_and_abbreviations_are_commands() {
        assert_eq!(command("run-script"), Some("run"));
        assert_eq!(command("runS"), Some("run"));
        assert_eq!(command("clean-inst"), Some("ci"));
        assert_eq!(command("install"), Some("install"));
    }

    #[test]
    fn a_word_that_begins_no_command_is_none() {
        assert_eq!(command("build"), None);
        assert_eq!(command("run-build"), None);
        assert_eq!(command("dev"), None);
    }
}
