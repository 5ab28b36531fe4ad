//! The adapter's table of the configuration.

use crate::Stop;
use serde::de::DeserializeOwned;

/// Reads an adapter's table into `T`, without the table `import` that the registry adds. Let `T` be made with
/// serde's `deny_unknown_fields`, so that a misspelt key is told.
///
/// # Errors
/// A [`Stop`] with the code `config-invalid`, which says what is wrong.
pub fn options<T: DeserializeOwned>(adapter: &str, config: &str) -> Result<T, Stop> {
    let wrong = |error: &toml::de::Error| {
        let mut message = format!(
            "Configuration of {adapter}: {}.",
            error.message().trim_end()
        );
        while message.len() > 500 {
            message.pop();
        }
        Stop::new("config-invalid", message)
    };
    let mut table: toml::Table = config.parse().map_err(|error| wrong(&error))?;
    table.remove("import");
    table.try_into().map_err(|error| wrong(&error))
}

/// For an adapter without options of its own: refuses any.
///
/// # Errors
/// A [`Stop`] with the code `config-invalid`.
pub fn no_options(adapter: &str, config: &str) -> Result<(), Stop> {
    let table: toml::Table = options(adapter, config)?;
    match table.keys().next() {
        None => Ok(()),
        Some(_) => Err(Stop::new(
            "config-invalid",
            format!("The adapter {adapter} has no keys to configure."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields, default)]
    #[derive(Default)]
    struct Table {
        delimiter: String,
    }

    #[test]
    fn what_the_registry_adds_is_left_out_and_what_nobody_knows_is_told() {
        let read = |config| options::<Table>("my-body", config);
        let semicolon = Table {
            delimiter: ";".to_owned(),
        };
        assert_eq!(read("delimiter = ';'\n[import]\nlater = 1"), Ok(semicolon));
        assert_eq!(read(""), Ok(Table::default()));
        for (config, part) in [
            ("delimeter = ';'", "delimeter"),
            ("delimiter = 1", "string"),
            ("= [", "my-body"),
        ] {
            let stop = read(config).err();
            let said = stop
                .map(|stop| (stop.code, stop.message))
                .unwrap_or_default();
            assert!(
                said.0 == "config-invalid" && said.1.contains(part),
                "{config}: {said:?}"
            );
        }
    }

    #[test]
    fn an_adapter_without_options_takes_none() {
        assert_eq!(
            no_options("my-body", "[import]\nawarding_body = 'RN5217'"),
            Ok(())
        );
        assert!(no_options("my-body", "colour = 'red'").is_err());
        assert!(no_options("my-body", "=").is_err());
    }
}
