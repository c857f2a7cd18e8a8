//! Check runs: one for a folder and a commit, written again when it is said again.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::pull::check_run::{Annotation, CheckRun};
use crate::pull::limit;

use super::client::{Client, segment};
use super::error::GitHubError;

const WHAT: &str = "write check runs";

/// A check run that GitHub has.
#[derive(Debug, Clone, Deserialize)]
pub struct Written {
    /// Its number.
    pub id: u64,
    /// Its page.
    pub html_url: Option<String>,
    external_id: Option<String>,
    #[serde(default)]
    output: Output,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Output {
    #[serde(default)]
    annotations_count: usize,
}

#[derive(Deserialize)]
struct List {
    check_runs: Vec<Written>,
}

#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    head_sha: Option<&'a str>,
    external_id: &'a str,
    status: &'static str,
    conclusion: &'a str,
    output: Text<'a>,
}

/// A job's own check run: GitHub lets nobody else say its name, its state and its conclusion.
#[derive(Serialize)]
struct Addition<'a> {
    output: Text<'a>,
}

#[derive(Serialize)]
struct Text<'a> {
    title: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "<[Annotation]>::is_empty")]
    annotations: &'a [Annotation],
}

impl Client {
    /// Writes a check run, or writes it again if this folder and commit have one.
    ///
    /// Annotations are appended by GitHub, fifty a request: those that are there already are not sent again, so that a
    /// run that was cut short is completed.
    ///
    /// # Errors
    /// When GitHub does not take it.
    pub fn write_check_run(&self, run: &CheckRun) -> Result<Written, GitHubError> {
        let known = self.find_check_run(run)?;
        let written = match known {
            Some(known) => known,
            None => {
                let first = &run.annotations[..run.annotations.len().min(limit::ANNOTATIONS)];
                let created = self.create_check_run(run, first)?;
                if first.len() == run.annotations.len() {
                    return Ok(created);
                }
                Written { output: Output { annotations_count: first.len() }, ..created }
            }
        };
        self.complete(run, written)
    }

    /// Appends annotations to the check run of a running job, fifty a request; its page.
    ///
    /// # Errors
    /// When GitHub does not take them.
    pub fn annotate_job(&self, job: u64, run: &CheckRun) -> Result<Option<String>, GitHubError> {
        let mut page = None;
        for annotations in run.annotations.chunks(limit::ANNOTATIONS) {
            let addition = Addition { output: Text { text: "", ..text(run, annotations) } };
            let route = self.route(&format!("check-runs/{job}"));
            let written: Written = self.write("annotate the job", Method::PATCH, route, &addition)?;
            page = written.html_url;
        }
        Ok(page)
    }

    /// The check run of the same folder, commit and rules.
    fn find_check_run(&self, run: &CheckRun) -> Result<Option<Written>, GitHubError> {
        let query = format!("check_name={}&filter=all&per_page=100", segment(&run.name));
        let route = self.route(&format!("commits/{}/check-runs?{query}", segment(&run.head)));
        let list: List = match self.get("read check runs", route) {
            // Who may not read them may still write them.
            Err(error) if error.is_missing_right() => return Ok(None),
            list => list?,
        };
        let mut same: Vec<Written> = list.check_runs;
        same.retain(|found| found.external_id.as_deref() == Some(&run.external_id));
        same.sort_by_key(|found| found.id);
        Ok(same.into_iter().next())
    }

    fn create_check_run(&self, run: &CheckRun, annotations: &[Annotation]) -> Result<Written, GitHubError> {
        let body = Body { head_sha: Some(&run.head), ..body(run, annotations) };
        match self.write(WHAT, Method::POST, self.route("check-runs"), &body) {
            // It may have been made without our hearing of it.
            Err(error) if error.is_open() => match self.find_check_run(run)? {
                Some(found) => Ok(found),
                None => self.write(WHAT, Method::POST, self.route("check-runs"), &body),
            },
            created => created,
        }
    }

    /// Says the verdict again, and appends the annotations that are not there yet.
    fn complete(&self, run: &CheckRun, mut written: Written) -> Result<Written, GitHubError> {
        let rest = run.annotations.get(written.output.annotations_count..).unwrap_or_default();
        let pages: Vec<&[Annotation]> =
            if rest.is_empty() { vec![rest] } else { rest.chunks(limit::ANNOTATIONS).collect() };
        for page in pages {
            let route = self.route(&format!("check-runs/{}", written.id));
            written = self.write(WHAT, Method::PATCH, route, &body(run, page))?;
        }
        Ok(written)
    }
}

fn body<'a>(run: &'a CheckRun, annotations: &'a [Annotation]) -> Body<'a> {
    Body {
        name: &run.name,
        head_sha: None,
        external_id: &run.external_id,
        status: "completed",
        conclusion: run.conclusion,
        output: text(run, annotations),
    }
}

fn text<'a>(run: &'a CheckRun, annotations: &'a [Annotation]) -> Text<'a> {
    Text { title: &run.title, summary: &run.summary, text: &run.text, annotations }
}
