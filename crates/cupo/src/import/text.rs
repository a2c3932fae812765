//! The bytes of a file as text: UTF-8, or what old spreadsheets write.

use super::error::ImportError;
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;

/// Bytes of a file that are read. The whole national catalogue is about 60 MB.
pub const FILE_BYTES_MAX: usize = 512 * 1024 * 1024;

/// How a compressed file begins: gzip, zip (spreadsheets too) and zstd.
const COMPRESSED: [(&[u8], &str); 3] =
    [(&[0x1f, 0x8b], "zcat"), (b"PK\x03\x04", "unzip -p"), (&[0x28, 0xb5, 0x2f, 0xfd], "zstdcat")];

/// The text of a file: UTF-8 with or without its mark, otherwise Windows-1252, of which Latin-1's
/// printable characters are a part. Every byte means something there, so nothing is refused.
///
/// # Errors
/// When it is empty, too large, or compressed.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len(), bytes_max: FILE_BYTES_MAX });
    }
    if let Some((_, with)) = COMPRESSED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ImportError::Compressed { with });
    }
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bare.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    Ok(match std::str::from_utf8(bare) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bare).0,
    })
}

/// A heading or a word of the catalogue without what spreadsheets change about it: capitals,
/// accents, and whatever stands between words. `Núm. de  camas` is `NUM DE CAMAS`.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let letter = match c {
            'á' | 'Á' | 'à' | 'À' => 'A',
            'é' | 'É' => 'E',
            'í' | 'Í' => 'I',
            'ó' | 'Ó' => 'O',
            'ú' | 'Ú' | 'ü' | 'Ü' => 'U',
            'ñ' | 'Ñ' => 'N',
            c => c.to_ascii_uppercase(),
        };
        if letter.is_ascii_alphanumeric() {
            plain.push(letter);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_in_both_encodings() {
        #[track_caller]
        fn check(bytes: &[u8], expected: &str) {
            assert_eq!(text(bytes).expect("text"), expected);
        }
        check("Unidad Médica Ñ".as_bytes(), "Unidad Médica Ñ");
        check(b"\xef\xbb\xbfCLUES", "CLUES");
        check(b"Unidad M\xe9dica \xd1", "Unidad Médica Ñ");
        // A dash and quotes of Windows-1252, which Latin-1 does not have.
        check(b"\x93A\x94 \x96 \xe9", "“A” – é");
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert!(matches!(text(b""), Err(ImportError::Empty)));
        assert!(matches!(text(b"\xef\xbb\xbf\r\n "), Err(ImportError::Empty)));
        assert!(matches!(text(&[0x1f, 0x8b, 8]), Err(ImportError::Compressed { with: "zcat" })));
        assert!(matches!(text(b"PK\x03\x04"), Err(ImportError::Compressed { .. })));
    }

    #[test]
    fn headings_are_alike_however_they_are_written() {
        for written in
            ["CLAVE DE LA INSTITUCIÓN", "clave_de_la_institucion", " Clave de la  institución. "]
        {
            assert_eq!(plain(written), "CLAVE DE LA INSTITUCION");
        }
        assert_eq!(plain("“¿?”"), "");
    }
}
