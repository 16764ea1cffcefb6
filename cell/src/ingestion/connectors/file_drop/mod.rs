//! Files that somebody delivers: by upload or into a folder, laid out as the pipeline's spec says.
//!
//! There is nobody to ask and no consent; the spec is the manifest, so a source whose shape it can
//! describe takes no code.

use std::io::BufRead;

use crate::ingestion::connector::{
    Connector, FileError, ReadSummary, Remote, ReportRequest, RowSink,
};
use crate::ingestion::pipelines::spec::{Source, Spec};
use crate::ingestion::reading::{self, Dialect, Expected};

mod glob;

mod manifest;

pub use glob::matches;
pub(crate) use manifest::{check, is_inside};

pub struct FileDrop;

pub const NAME: &str = "file_drop";

impl Connector for FileDrop {
    fn name(&self) -> &'static str {
        NAME
    }

    fn remote(&self) -> Option<&dyn Remote> {
        None
    }

    fn read_report(
        &self,
        input: &mut (dyn BufRead + Send),
        spec: &Spec,
        request: &ReportRequest,
        bytes: Option<u64>,
        sink: RowSink<'_>,
    ) -> Result<ReadSummary, FileError> {
        let refuse = |message: String| FileError {
            code: "file_refused",
            message,
            ..FileError::default()
        };
        let Source::FileDrop { file } = &spec.source else {
            return Err(refuse("the pipeline's source is not files".to_owned()));
        };
        let expected = Expected {
            spec,
            request,
            dialect: Dialect::of_file(file).map_err(refuse)?,
            bytes,
        };
        reading::read(input, &expected, None, sink)
    }
}
