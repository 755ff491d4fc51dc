"""The captions of tables and pictures of the inputs: Table 1, Figure 1, numbered by captions.py with the template's.

Texts arrive escaped.
"""

from __future__ import annotations


def caption_xml(word: str, text: str, styles: dict[str, str], form: str) -> str:
    """Return a caption "Table 1. Text": `word` is also its sequence, `text` are runs, `form` are formats of a paragraph.

    Templates without the style Caption have it in Table Header, which looks the same.
    """
    style = styles.get("Caption") or styles["Table Header"]
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{form}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{word} </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> SEQ {word} \\* ARABIC </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve">. </w:t></w:r>{text}</w:p>'
    )
