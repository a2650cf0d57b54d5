"""Files: the only home of libraries that read or write DOCX. Knows no Django and no room.

Words: an *official document* is what Nghị định 30/2020/NĐ-CP calls văn bản hành chính, made of *blocks*.
`official` says what such a document consists of, `docx.write` lays it out, `opening.text_of` reads what people upload.
"""
