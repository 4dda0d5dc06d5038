package io.portolan.checkpoints.pickle;

/** The argument formats of opcodes, with their readers. */
enum Argument {
    NONE(input -> null),
    UINT1(input -> (long) input.unsignedByte()),
    UINT2(input -> (long) input.unsignedShort()),
    INT4(input -> (long) input.signedInt()),
    UINT4(PickleInput::unsignedInt),
    UINT8(PickleInput::unsignedLong),
    FLOAT8(PickleInput::bigEndianDouble),
    INTEGER1(input -> input.integer(input.unsignedByte())),
    INTEGER4(input -> input.integer(input.signedInt())),
    BYTES1(input -> input.take(input.unsignedByte())),
    BYTES4(input -> input.take(input.unsignedInt())),
    BYTES8(input -> input.take(input.unsignedLong())),
    TEXT1(input -> input.utf8(input.unsignedByte())),
    TEXT4(input -> input.utf8(input.unsignedInt())),
    TEXT8(input -> input.utf8(input.unsignedLong())),
    LINE(PickleInput::lineBytes),
    DECIMAL_LINE(input -> DecimalText.integer(input.lineBytes())),
    INDEX_LINE(input -> DecimalText.index(input.lineBytes())),
    FLOAT_LINE(input -> DecimalText.floatingPoint(input.lineBytes())),
    RAW_TEXT_LINE(input -> EscapedText.unicode(input.lineBytes())),
    QUOTED_LINE(input -> new ByteString(EscapedText.quoted(input.lineBytes()))),
    STRING1(input -> new ByteString(input.take(input.unsignedByte()))),
    STRING4(input -> new ByteString(input.take(input.signedInt()))),
    TWO_LINES(input -> new Global.Name(input.line(), input.line()));

    private interface Form {
        Object read(PickleInput input) throws Malformed;
    }

    private final Form form;

    Argument(Form form) {
        this.form = form;
    }

    Object read(PickleInput input) throws Malformed {
        return form.read(input);
    }
}
