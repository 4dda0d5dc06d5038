package io.portolan.checkpoints.pickle;

/**
 * The instructions of a pickle, each with its byte, argument format and effect. Some are listed only to be refused by
 * name.
 */
enum Opcode {
    PROTO(0x80, Argument.UINT1, (machine, version) -> machine.protocol((long) version)),
    FRAME(0x95, Argument.UINT8, (machine, length) -> machine.frame((long) length)),
    STOP('.', Argument.NONE, (machine, none) -> machine.stop()),

    NONE('N', Argument.NONE, Machine::push),
    NEWTRUE(0x88, Argument.NONE, (machine, none) -> machine.push(true)),
    NEWFALSE(0x89, Argument.NONE, (machine, none) -> machine.push(false)),
    BININT('J', Argument.INT4, Machine::push),
    BININT1('K', Argument.UINT1, Machine::push),
    BININT2('M', Argument.UINT2, Machine::push),
    LONG1(0x8a, Argument.INTEGER1, Machine::push),
    LONG4(0x8b, Argument.INTEGER4, Machine::push),
    BINFLOAT('G', Argument.FLOAT8, Machine::push),
    SHORT_BINUNICODE(0x8c, Argument.TEXT1, Machine::push),
    BINUNICODE('X', Argument.TEXT4, Machine::push),
    BINUNICODE8(0x8d, Argument.TEXT8, Machine::push),
    SHORT_BINBYTES('C', Argument.BYTES1, Machine::push),
    BINBYTES('B', Argument.BYTES4, Machine::push),
    BINBYTES8(0x8e, Argument.BYTES8, Machine::push),
    BYTEARRAY8(0x96, Argument.BYTES8, Machine::push),

    MARK('(', Argument.NONE, (machine, none) -> machine.stack().mark()),
    POP('0', Argument.NONE, (machine, none) -> machine.stack().discard()),
    POP_MARK('1', Argument.NONE, (machine, none) -> machine.stack().popToMark()),
    DUP('2', Argument.NONE, (machine, none) -> machine.push(machine.stack().peek())),
    EMPTY_TUPLE(')', Argument.NONE, (machine, none) -> machine.tuple(0)),
    TUPLE1(0x85, Argument.NONE, (machine, none) -> machine.tuple(1)),
    TUPLE2(0x86, Argument.NONE, (machine, none) -> machine.tuple(2)),
    TUPLE3(0x87, Argument.NONE, (machine, none) -> machine.tuple(3)),
    TUPLE(
            't',
            Argument.NONE,
            (machine, none) -> machine.push(new PythonTuple(machine.stack().popToMark()))),
    EMPTY_LIST(']', Argument.NONE, (machine, none) -> machine.push(new PythonList())),
    LIST('l', Argument.NONE, (machine, none) -> machine.listFromMark()),
    APPEND('a', Argument.NONE, (machine, none) -> machine.append()),
    APPENDS('e', Argument.NONE, (machine, none) -> machine.appendFromMark()),
    EMPTY_SET(0x8f, Argument.NONE, (machine, none) -> machine.push(new PythonList())),
    FROZENSET(0x91, Argument.NONE, (machine, none) -> machine.listFromMark()),
    ADDITEMS(0x90, Argument.NONE, (machine, none) -> machine.appendFromMark()),
    EMPTY_DICT('}', Argument.NONE, (machine, none) -> machine.push(new PythonDict())),
    DICT('d', Argument.NONE, (machine, none) -> machine.dictFromMark()),
    SETITEM('s', Argument.NONE, (machine, none) -> machine.setItem()),
    SETITEMS('u', Argument.NONE, (machine, none) -> machine.setItemsFromMark()),

    MEMOIZE(0x94, Argument.NONE, (machine, none) -> machine.memoize()),
    BINPUT('q', Argument.UINT1, (machine, index) -> machine.put((long) index)),
    LONG_BINPUT('r', Argument.UINT4, (machine, index) -> machine.put((long) index)),
    BINGET('h', Argument.UINT1, (machine, index) -> machine.get((long) index)),
    LONG_BINGET('j', Argument.UINT4, (machine, index) -> machine.get((long) index)),

    GLOBAL('c', Argument.TWO_LINES, (machine, name) -> machine.global((Global.Name) name)),
    STACK_GLOBAL(0x93, Argument.NONE, (machine, none) -> machine.stackGlobal()),
    REDUCE('R', Argument.NONE, (machine, none) -> machine.reduce()),
    BUILD('b', Argument.NONE, (machine, none) -> machine.build()),

    INST('i', Argument.TWO_LINES, (machine, name) -> machine.instanceByName((Global.Name) name)),
    OBJ('o', Argument.NONE, (machine, none) -> machine.instanceFromMark()),
    NEWOBJ(0x81, Argument.NONE, (machine, none) -> machine.reduce()),
    NEWOBJ_EX(0x92, Argument.NONE, (machine, none) -> machine.instanceWithKeywords()),

    INT('I', Argument.DECIMAL_LINE, Machine::push),
    LONG('L', Argument.DECIMAL_LINE, Machine::push),
    FLOAT('F', Argument.FLOAT_LINE, Machine::push),
    UNICODE('V', Argument.RAW_TEXT_LINE, Machine::push),
    STRING('S', Argument.QUOTED_LINE, Machine::push),
    BINSTRING('T', Argument.STRING4, Machine::push),
    SHORT_BINSTRING('U', Argument.STRING1, Machine::push),
    GET('g', Argument.INDEX_LINE, (machine, index) -> machine.get((long) index)),
    PUT('p', Argument.INDEX_LINE, (machine, index) -> machine.put((long) index)),

    EXT1(0x82, "extension codes"),
    EXT2(0x83, "extension codes"),
    EXT4(0x84, "extension codes"),
    PERSID('P', "references to objects outside the file"),
    BINPERSID('Q', "references to objects outside the file"),
    NEXT_BUFFER(0x97, "buffers outside the file"),
    READONLY_BUFFER(0x98, "buffers outside the file");

    private interface Effect {
        void apply(Machine machine, Object argument) throws Malformed;
    }

    private static final Opcode[] BY_BYTE = new Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_BYTE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Argument argument;
    private final Effect effect;

    Opcode(int code, Argument argument, Effect effect) {
        this.code = code;
        this.argument = argument;
        this.effect = effect;
    }

    Opcode(int code, String refused) {
        this(code, Argument.NONE, (machine, none) -> {
            throw new Malformed(
                    refused + " are refused",
                    "plain containers and arrays, as pickle.dump writes them; nothing was executed");
        });
    }

    /** Returns the instruction of a byte, or null if there is none. */
    static Opcode of(int code) {
        return BY_BYTE[code];
    }

    int code() {
        return code;
    }

    void execute(PickleInput input, Machine machine) throws Malformed {
        effect.apply(machine, argument.read(input));
    }
}
