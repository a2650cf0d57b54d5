"""The register of documents: what came in, what went out, and what follows from what.

Owns: documents with the fields of NĐ 30/2020 (Phụ lục VI), their files and text, the units addressed, and the dated
relations between documents (implements, amends, replaces, cites, reports_on).
Also: the index of words that search asks (`wordlist`, `search`), the lines by which a document reached a unit
(`sending`), its tree (`cascading`), proposal and leader's note (`handling`), a unit's own numbers (`numbering`), its
dissemination (`studying`), a register out of a file (`importing`).
Words: *register* (sổ văn bản) of a unit; *symbol* (số, ký hiệu) as written; *key* (the same document in any register);
*addressee* (nơi nhận, which receives and may have to issue a plan of its own); *cascade* (what implements what).
Verbs: register, register_and_link, link, unlink, address, send_down, receive, propose, note, keep_file;
numbering.switch_on, take, reserve, give_up; studying.record; importing.take_in.
"""
