//! Reviews and comments of a pull request.

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::pull::suggestion::{Comment, Standing};

use super::client::Client;
use super::error::GitHubError;

const WHAT: &str = "review pull requests";
const COMMENT: &str = "comment on pull requests";
/// Pages of a hundred comments that are read.
const MOST_PAGES: usize = 5;

#[derive(Deserialize)]
struct Known {
    id: u64,
    #[serde(default)]
    body: String,
    user: Option<User>,
    line: Option<u64>,
    subject_type: Option<String>,
    in_reply_to_id: Option<u64>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    login: String,
    #[serde(default, rename = "type")]
    kind: String,
}

#[derive(Serialize)]
struct Review<'a> {
    commit_id: &'a str,
    event: &'static str,
    body: &'a str,
    comments: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    body: &'a str,
    line: u32,
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_side: Option<&'static str>,
}

#[derive(Deserialize)]
struct Written {
    html_url: Option<String>,
}

impl Client {
    /// The comments that stand on a pull request.
    ///
    /// # Errors
    /// When GitHub does not list them.
    pub fn comments_of(&self, number: u64) -> Result<Vec<Standing>, GitHubError> {
        let mut found = Vec::new();
        let mut next = Some(self.route(&format!("pulls/{number}/comments?per_page=100")));
        for _ in 0..MOST_PAGES {
            let Some(route) = next.take() else { break };
            let (page, more): (Vec<Known>, _) = self.get_page("read comments", route)?;
            found.extend(page.into_iter().map(standing));
            next = more;
        }
        Ok(found)
    }

    /// Posts a review with suggestions; its page.
    ///
    /// # Errors
    /// When GitHub does not take it: one line outside the diff refuses them all.
    pub fn review(
        &self,
        number: u64,
        head: &str,
        body: &str,
        comments: &[Comment],
    ) -> Result<Option<String>, GitHubError> {
        let lines = comments.iter().filter_map(|comment| {
            let (first, last) = comment.lines?;
            let is_long = first < last;
            Some(Line {
                path: &comment.path,
                body: &comment.body,
                line: last,
                side: "RIGHT",
                start_line: is_long.then_some(first),
                start_side: is_long.then_some("RIGHT"),
            })
        });
        let review = Review { commit_id: head, event: "COMMENT", body, comments: lines.collect() };
        let route = self.route(&format!("pulls/{number}/reviews"));
        let written: Written = self.write(WHAT, Method::POST, route, &review)?;
        Ok(written.html_url)
    }

    /// Comments on a whole file of a pull request.
    ///
    /// # Errors
    /// When GitHub does not take it.
    pub fn comment_on_file(&self, number: u64, head: &str, comment: &Comment) -> Result<(), GitHubError> {
        let body = json!({"commit_id": head, "path": comment.path, "body": comment.body, "subject_type": "file"});
        let route = self.route(&format!("pulls/{number}/comments"));
        self.write::<Value>(WHAT, Method::POST, route, &body).map(|_| ())
    }

    /// Takes a comment of ours back; one that is gone already is no failure.
    ///
    /// # Errors
    /// When GitHub does not let us.
    pub fn take_back(&self, comment: u64) -> Result<(), GitHubError> {
        match self.delete(WHAT, self.route(&format!("pulls/comments/{comment}"))) {
            Err(GitHubError::MissingRight { needed: None, .. }) => Ok(()),
            done => done,
        }
    }

    /// Writes the one comment below a pull request that begins with `mark`, or writes it again.
    ///
    /// # Errors
    /// When GitHub does not take it.
    pub fn rewrite_comment(&self, number: u64, mark: &str, body: &str) -> Result<(), GitHubError> {
        let mut next = Some(self.route(&format!("issues/{number}/comments?per_page=100")));
        for _ in 0..MOST_PAGES {
            let Some(route) = next.take() else { break };
            let (page, more): (Vec<Known>, _) = self.get_page("read comments", route)?;
            let ours = page.into_iter().map(standing).find(|known| known.is_of_bot && known.body.starts_with(mark));
            if let Some(known) = ours {
                if known.body.trim() == body.trim() {
                    return Ok(());
                }
                let route = self.route(&format!("issues/comments/{}", known.id));
                return self.write::<Value>(COMMENT, Method::PATCH, route, &json!({"body": body})).map(|_| ());
            }
            next = more;
        }
        self.comment(number, body)
    }

    /// Says something below a pull request.
    ///
    /// # Errors
    /// When GitHub does not take it.
    pub fn comment(&self, number: u64, body: &str) -> Result<(), GitHubError> {
        let route = self.route(&format!("issues/{number}/comments"));
        self.write::<Value>(COMMENT, Method::POST, route, &json!({"body": body})).map(|_| ())
    }
}

fn standing(known: Known) -> Standing {
    let is_of_bot = known.user.as_ref().is_some_and(|user| user.kind == "Bot" && user.login.ends_with("[bot]"));
    // A comment on a file never had a line.
    let is_of_file = known.subject_type.as_deref() == Some("file");
    Standing {
        id: known.id,
        is_of_bot,
        is_outdated: known.line.is_none() && !is_of_file,
        reply_to: known.in_reply_to_id,
        body: known.body,
    }
}
