//! Files of each type, made as small as they can be.

/// A PDF of one object, and the place of its table.
pub(crate) fn pdf() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec();
    // Room, so that a cut can fall anywhere.
    file.extend(std::iter::repeat_n(b'%', 3000));
    file.push(b'\n');
    let place = file.len();
    file.extend_from_slice(
        format!("xref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 >>\nstartxref\n{place}\n%%EOF")
            .as_bytes(),
    );
    file
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend_from_slice(kind);
    chunk.extend_from_slice(content);
    chunk.extend_from_slice(&[0; 4]);
    chunk
}

pub(crate) fn png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    file.extend(chunk(b"IDAT", &[7; 900]));
    file.extend(chunk(b"IEND", &[]));
    file
}

/// A JPEG whose heading holds a small picture, with an end of its own.
pub(crate) fn jpeg() -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let small = [0xff, 0xd8, 0xff, 0xd9];
    file.extend([0xff, 0xe1, 0, 2 + 4]);
    file.extend(small);
    file.extend([0xff, 0xda, 0, 4, 1, 2]);
    for _ in 0..200 {
        file.extend([1, 2, 3, 0xff, 0x00, 0xff, 0xd0, 4]);
    }
    file.extend([0xff, 0xd9]);
    file
}

pub(crate) fn webp() -> Vec<u8> {
    let mut file = b"RIFF".to_vec();
    file.extend(104_u32.to_le_bytes());
    file.extend(b"WEBPVP8 ");
    file.extend([3; 96]);
    file
}

/// An archive of parts that are stored as they are.
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let at = u32::try_from(file.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        shared.extend(size);
        shared.extend(size);
        shared.extend(length);
        shared.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&shared);
        file.extend(name.as_bytes());
        file.extend(*content);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&shared);
        list.extend([0; 10]);
        list.extend(at.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let many = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let at = u32::try_from(file.len()).unwrap().to_le_bytes();
    let size = u32::try_from(list.len()).unwrap().to_le_bytes();
    file.extend(list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(many);
    file.extend(many);
    file.extend(size);
    file.extend(at);
    file.extend([0, 0]);
    file
}

pub(crate) const DOCX: &[u8] = b"<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";

pub(crate) fn docx() -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", &[b'w'; 400]),
        ("word/printerSettings/printerSettings1.bin", b"settings"),
    ])
}

pub(crate) fn odt() -> Vec<u8> {
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", &[b'o'; 400]),
    ])
}
