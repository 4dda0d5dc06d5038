package io.portolan.checkpoints.pickle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Executes the instructions of a pickle. They can only build containers and call the constructors of {@link Globals},
 * all of which make inert data.
 */
final class Machine {
    private static final int NEWEST_PROTOCOL = 5;

    /** The codes of all instructions of protocols 0 and 1 are below this. */
    private static final int FIRST_OF_PROTOCOL_2 = 0x80;

    private final String file;
    private final PickleInput input;
    private final Budget budget;
    private final Meter meter;
    private final boolean nested;
    private final long start;
    private final OperandStack stack;
    private final Map<Long, Object> memo = new HashMap<>();
    private boolean stopped;
    private long offset;
    private String instruction;

    Machine(String file, PickleInput input, Budget budget) {
        this(file, input, budget, new Meter(budget), false);
    }

    private Machine(String file, PickleInput input, Budget budget, Meter meter, boolean nested) {
        this.file = file;
        this.input = input;
        this.budget = budget;
        this.meter = meter;
        this.nested = nested;
        this.start = input.position();
        this.stack = new OperandStack(budget);
    }

    /** Runs to the end of the file and returns the value in the pickle, as described by {@link PlainTreeBuilder}. */
    Object run() throws PickleException {
        try {
            Object result = result();
            if (input.remaining() > 0) {
                throw new Malformed(input.remaining() + " bytes follow", "the end of the file");
            }
            return PlainTreeBuilder.of(result, budget);
        } catch (Malformed malformed) {
            throw malformed.at(file, offset, instruction);
        }
    }

    /** Runs to the end of the pickle, behind which the input then stands, and returns the value like {@link #run}. */
    Object runFirst() throws PickleException {
        try {
            return PlainTreeBuilder.of(result(), budget);
        } catch (Malformed malformed) {
            throw malformed.at(file, offset, instruction);
        }
    }

    /** The value of a whole pickle that stands among the instructions of this one. It shares the budget, but not the memo. */
    Object nested() throws Malformed {
        if (nested) {
            throw new Malformed(
                    "a pickle within a pickle within a pickle", "arrays of objects that hold no further ones");
        }
        return new Machine(file, input, budget, meter, true).result();
    }

    Meter meter() {
        return meter;
    }

    private Object result() throws Malformed {
        while (!stopped) {
            Opcode opcode = fetch();
            meter.instruction();
            opcode.execute(input, this);
        }
        Object result = stack.pop();
        if (!stack.isEmpty()) {
            throw new Malformed("more than one value is on the stack", "exactly one at the end");
        }
        return result;
    }

    private Opcode fetch() throws Malformed {
        offset = input.position();
        instruction = "end of file";
        if (input.remaining() == 0) {
            throw offset == start
                    ? new Malformed("the file is empty", "a pickle of protocol 0 to 5")
                    : new Malformed("the file ends without STOP", "more instructions; the file may be cut short");
        }
        int code = input.unsignedByte();
        Opcode opcode = Opcode.of(code);
        instruction = String.format("0x%02x", code);
        if (offset == start && opcode != Opcode.PROTO && (opcode == null || code >= FIRST_OF_PROTOCOL_2)) {
            throw new Malformed("not a pickle", "PROTO, byte 0x80, or an instruction of protocol 0 or 1");
        }
        if (opcode == null) {
            throw new Malformed("no such instruction", "an opcode of protocol 0 to 5");
        }
        instruction = opcode.name();
        return opcode;
    }

    OperandStack stack() {
        return stack;
    }

    void push(Object value) throws Malformed {
        stack.push(value);
    }

    void protocol(long version) throws Malformed {
        if (offset > start) {
            throw new Malformed("a second PROTO", "one, at the start");
        }
        if (version > NEWEST_PROTOCOL) {
            throw new Malformed("pickle protocol " + version, "protocol 0 to 5; save the file again with protocol=4");
        }
    }

    /** Ignores a frame, which is only a hint for reading ahead, as Python's own reader does. */
    void frame(long length) throws Malformed {
        input.requireLeft(length);
    }

    void stop() {
        stopped = true;
    }

    void tuple(int count) throws Malformed {
        push(new PythonTuple(stack.pop(count)));
    }

    void listFromMark() throws Malformed {
        PythonList list = new PythonList();
        stack.popToMark().forEach(list::add);
        push(list);
    }

    void append() throws Malformed {
        Object value = stack.pop();
        listBelow("a list below the value").add(value);
    }

    void appendFromMark() throws Malformed {
        List<Object> values = stack.popToMark();
        PythonList list = listBelow("a list or set below the mark");
        values.forEach(list::add);
    }

    private PythonList listBelow(String expectation) throws Malformed {
        Object below = stack.peek();
        return below instanceof PythonObject object
                ? object.asList()
                : ValueTypes.require(PythonList.class, below, expectation);
    }

    void dictFromMark() throws Malformed {
        PythonDict dict = new PythonDict();
        dict.putAll(stack.popToMark());
        push(dict);
    }

    void setItem() throws Malformed {
        List<Object> item = stack.pop(2);
        dictBelow("a dictionary below the item").putAll(item);
    }

    void setItemsFromMark() throws Malformed {
        List<Object> items = stack.popToMark();
        dictBelow("a dictionary below the mark").putAll(items);
    }

    private PythonDict dictBelow(String expectation) throws Malformed {
        Object below = stack.peek();
        return below instanceof PythonObject object
                ? object.asDict()
                : ValueTypes.require(PythonDict.class, below, expectation);
    }

    void memoize() throws Malformed {
        put(memo.size());
    }

    void put(long index) throws Malformed {
        memo.put(index, stack.peek());
        Budget.check("memo entries", memo.size(), budget.memo());
    }

    void get(long index) throws Malformed {
        if (!memo.containsKey(index)) {
            throw new Malformed("memo entry " + index + " is not set", "an entry that was stored before");
        }
        push(memo.get(index));
    }

    void stackGlobal() throws Malformed {
        List<Object> names = stack.pop(2);
        global(new Global.Name(
                ValueTypes.require(String.class, names.get(0), "a module's name"),
                ValueTypes.require(String.class, names.get(1), "a name within the module")));
    }

    void global(Global.Name name) throws Malformed {
        push(Globals.find(name));
    }

    /** Calls the value below a tuple of arguments; instantiating a class is the same. */
    void reduce() throws Malformed {
        List<Object> call = stack.pop(2);
        push(callable(call.get(0))
                .call(ValueTypes.require(PythonTuple.class, call.get(1), "a tuple of arguments"), meter));
    }

    void instanceByName(Global.Name name) throws Malformed {
        push(Globals.find(name).call(new PythonTuple(stack.popToMark()), meter));
    }

    void instanceFromMark() throws Malformed {
        List<Object> parts = stack.popToMark();
        if (parts.isEmpty()) {
            throw new Malformed("no class lies above the mark", "a class and its arguments");
        }
        push(callable(parts.get(0)).call(new PythonTuple(parts.subList(1, parts.size())), meter));
    }

    void instanceWithKeywords() throws Malformed {
        PythonDict keywords = ValueTypes.require(PythonDict.class, stack.pop(), "a dictionary of keyword arguments");
        reduce();
        if (!keywords.values().isEmpty()) {
            push(ValueTypes.require(PythonObject.class, stack.pop(), "a record made with keyword arguments")
                    .withKeywords(keywords));
        }
    }

    void build() throws Malformed {
        Object state = stack.pop();
        Buildable target =
                ValueTypes.require(Buildable.class, stack.peek(), "an array, dtype or record below its state");
        target.build(state, meter);
        if (target instanceof InlineData inline) {
            inline.read(input, this);
        }
    }

    private static Global callable(Object value) throws Malformed {
        Optional<Global> type = LocalClasses.of(value);
        return type.isPresent() ? type.get() : ValueTypes.require(Global.class, value, "a global to call");
    }
}
