//! The environment, which is read once before anything else starts. What its variables mean is said where they are used.

use std::collections::HashMap;
use std::str::FromStr;

/// A setting that can't be used: which variable, what it holds, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{variable}={value:?} is not usable: {remedy}")]
pub struct ConfigError {
    variable: String,
    value: String,
    remedy: String,
}

impl ConfigError {
    /// An error about one variable.
    #[must_use]
    pub fn new(variable: &str, value: &str, remedy: &str) -> Self {
        Self {
            variable: variable.into(),
            value: value.into(),
            remedy: remedy.into(),
        }
    }
}

/// Variables by name: those of the process, or a test's own. There is no `Debug`, because some of them are secrets.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The variables of this process. One that is not UTF-8 counts as absent.
    #[must_use]
    pub fn of_process() -> Self {
        let pairs = std::env::vars_os();
        pairs
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The text of a variable. An empty one counts as absent, as it does for OpenTelemetry:
    /// <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#parsing-empty-value>
    #[must_use]
    pub fn text(&self, variable: &str) -> Option<&str> {
        let value = self.0.get(variable)?;
        (!value.is_empty()).then_some(value)
    }

    /// The value of a variable that may be absent.
    ///
    /// # Errors
    /// The variable, when its text does not parse.
    pub fn parse<T: FromStr>(
        &self,
        variable: &str,
        remedy: &str,
    ) -> Result<Option<T>, ConfigError> {
        let parsed = self.text(variable).map(|text| {
            text.parse()
                .map_err(|_| ConfigError::new(variable, text, remedy))
        });
        parsed.transpose()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let environment = Environment::from_iter([("EMPTY", ""), ("FULL", "7")]);
        assert_eq!(environment.text("EMPTY"), None);
        assert_eq!(environment.parse::<u8>("EMPTY", ""), Ok(None));
        assert_eq!(environment.parse::<u8>("ABSENT", ""), Ok(None));
        assert_eq!(environment.parse("FULL", ""), Ok(Some(7_u8)));
    }

    #[test]
    fn an_error_names_the_variable_the_value_and_the_remedy() {
        let environment = Environment::from_iter([("NUMBER", "many")]);
        let error = environment.parse::<u8>("NUMBER", "give a number");
        assert_eq!(
            error.unwrap_err().to_string(),
            "NUMBER=\"many\" is not usable: give a number"
        );
    }
}
