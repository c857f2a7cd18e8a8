//! The package scripts that a command line calls.

/// The package scripts that a plain command line runs; none when it does anything else.
#[must_use]
pub fn scripts(command: &str) -> Option<Vec<&str>> {
    if command.contains(['|', ';', '$', '(', '`', '<', '>', '"', '\'', '\\', '\n'])
        || command.replace("&&", "").contains('&')
    {
        return None;
    }
    let segments = command.split("&&").map(|segment| segment.split_whitespace().skip_while(|word| word.contains('=')));
    let mut scripts = Vec::new();
    for segment in segments {
        let words: Vec<&str> = segment.collect();
        match words[..] {
            ["npm", "run" | "run-script", script] | ["yarn" | "pnpm" | "bun", "run", script] => scripts.push(script),
            ["npm" | "yarn" | "pnpm" | "bun", "install" | "i" | "ci"] | ["yarn"] => {}
            ["yarn" | "pnpm", script] if !script.starts_with('-') => scripts.push(script),
            _ => return None,
        }
    }
    (!scripts.is_empty()).then_some(scripts)
}

#[cfg(test)]
mod tests {
    use super::scripts;

    #[test]
    fn plain_calls_of_every_package_manager_are_read() {
        assert_eq!(scripts("CI= npm ci && npm run build"), Some(vec!["build"]));
        assert_eq!(scripts("yarn && yarn build && pnpm run a && bun run b"), Some(vec!["build", "a", "b"]));
    }

    #[test]
    fn anything_else_is_not_judged() {
        for command in
            ["npm ci", "cd web && npm run build", "npm --prefix web run build", "npm run a; true", "", "make"]
        {
            assert_eq!(scripts(command), None, "{command}");
        }
        for command in ["yarn --cwd web build", "npm run a || true", "npm run $TASK", "npm run a & npm run b"] {
            assert_eq!(scripts(command), None, "{command}");
        }
    }
}
