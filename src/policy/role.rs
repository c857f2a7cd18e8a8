//! Roles: who counts as what.

/// What GitHub lets somebody do with a repository, least first
/// (<https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// May read.
    Read,
    /// May order issues.
    Triage,
    /// May push.
    Write,
    /// May change settings that destroy nothing.
    Maintain,
    /// May do everything.
    Admin,
}

impl Permission {
    /// All of them, least first.
    pub const ALL: [Permission; 5] =
        [Permission::Read, Permission::Triage, Permission::Write, Permission::Maintain, Permission::Admin];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["read", "triage", "write", "maintain", "admin"][self as usize]
    }

    /// The permission of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Permission> {
        Permission::ALL.into_iter().find(|permission| permission.name() == name)
    }
}

/// The role of the program itself when it rolls back what it was told beforehand.
pub const AUTO: &str = "auto";

/// The role of everybody.
pub const ANYONE: &str = "anyone";

/// The role that may deploy to and roll back production, when the file does not say otherwise.
pub const ADMIRAL: &str = "admiral";

/// Who holds a role: whoever fits one of the lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// Permissions on GitHub.
    pub permissions: Vec<Permission>,
    /// Teams, as `ORGANISATION/TEAM`.
    pub teams: Vec<String>,
    /// Names of users.
    pub users: Vec<String>,
}

impl Role {
    /// The role "admiral" of a policy that does not define it.
    #[must_use]
    pub fn admiral() -> Role {
        Role { permissions: vec![Permission::Admin, Permission::Maintain], ..Role::default() }
    }
}

/// Whether a role of this name needs no definition.
#[must_use]
pub fn is_built_in(name: &str) -> bool {
    [AUTO, ANYONE, ADMIRAL].contains(&name) || Permission::parse(name).is_some()
}

/// Somebody, as far as it is known who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name on GitHub.
    pub login: String,
    /// The permission, if it is known.
    pub permission: Option<Permission>,
    /// The teams, if they could be read.
    pub teams: Option<Vec<String>>,
    /// How it is known: an address, a variable.
    pub source: String,
    /// Whether that source can be trusted; a variable can be set by any step.
    pub is_verified: bool,
    /// Whether it is the program itself, executing what a certificate allowed beforehand.
    pub is_auto: bool,
}

impl Person {
    /// Somebody of whom only the name is said.
    #[must_use]
    pub fn claimed(login: impl Into<String>, source: impl Into<String>) -> Person {
        let (login, source) = (login.into(), source.into());
        Person { login, permission: None, teams: None, source, is_verified: false, is_auto: false }
    }

    /// Whether the person holds the role, and why or why not.
    ///
    /// # Errors
    /// Why not.
    pub fn holds(&self, name: &str, role: Option<&Role>) -> Result<String, String> {
        if self.is_auto {
            return if name == AUTO {
                Ok("is the program itself".to_owned())
            } else {
                Err("is the program".to_owned())
            };
        }
        if name == ANYONE {
            return Ok("is anyone".to_owned());
        }
        if let Some(least) = Permission::parse(name) {
            return match self.permission {
                Some(permission) if permission >= least => Ok(format!("has permission {}", permission.name())),
                Some(permission) => Err(format!("has permission {} only", permission.name())),
                None => Err("has no known permission".to_owned()),
            };
        }
        let admiral = Role::admiral();
        let role = role.or_else(|| (name == ADMIRAL).then_some(&admiral)).ok_or("the role is not defined")?;
        if role.users.iter().any(|user| user.eq_ignore_ascii_case(&self.login)) {
            return Ok("is named".to_owned());
        }
        if let Some(permission) = self.permission.filter(|permission| role.permissions.contains(permission)) {
            return Ok(format!("has permission {}", permission.name()));
        }
        let has = |team: &&String| self.teams.iter().flatten().any(|own| own.eq_ignore_ascii_case(team));
        if let Some(team) = role.teams.iter().find(has) {
            return Ok(format!("is in team {team}"));
        }
        let unread = if self.teams.is_none() && !role.teams.is_empty() { ", and teams cannot be read" } else { "" };
        let permission = self.permission.map_or("no known permission", Permission::name);
        Err(format!("is not named and has {permission}{unread}"))
    }
}
