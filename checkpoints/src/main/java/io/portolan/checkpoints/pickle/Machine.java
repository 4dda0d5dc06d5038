package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.Quotation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the instructions of one pickle. They can only build containers and call the few constructors of {@link Globals},
 * all of which make inert data.
 */
final class Machine {
    private static final int OLDEST_PROTOCOL = 2;
    private static final int NEWEST_PROTOCOL = 5;

    private final String file;
    private final PickleInput input;
    private final Budget budget;
    private final Meter meter;
    private final OperandStack stack;
    private final Map<Long, Object> memo = new HashMap<>();
    private boolean stopped;
    private int offset;
    private String instruction;

    Machine(String file, PickleInput input, Budget budget) {
        this.file = file;
        this.input = input;
        this.budget = budget;
        this.meter = new Meter(budget);
        this.stack = new OperandStack(budget);
    }

    /** Runs to the end of the file and gives the one value that the pickle holds, as {@link Expansion} describes it. */
    Object run() throws PickleException {
        try {
            for (long executed = 1; !stopped; executed++) {
                Opcode opcode = fetch();
                Budget.check("instructions", executed, budget.opcodes());
                opcode.execute(input, this);
            }
            return Expansion.of(finished(), budget);
        } catch (Malformed malformed) {
            throw malformed.at(file, offset, instruction);
        }
    }

    private Opcode fetch() throws Malformed {
        offset = input.position();
        instruction = "end of file";
        if (input.remaining() == 0) {
            throw offset == 0
                    ? new Malformed("the file is empty", "a pickle of protocol 2 to 5")
                    : new Malformed("the file ends without STOP", "more instructions; the file may be cut short");
        }
        int code = input.unsignedByte();
        Opcode opcode = Opcode.of(code);
        instruction = String.format("0x%02x", code);
        if (offset == 0 && opcode != Opcode.PROTO) {
            throw new Malformed("not a pickle of protocol 2 to 5",
                    "PROTO, byte 0x80; save a pickle of protocol 0 or 1 again with protocol=4");
        }
        if (opcode == null) {
            throw new Malformed("no such instruction", "an opcode of protocol 2 to 5");
        }
        instruction = opcode.name();
        return opcode;
    }

    private Object finished() throws Malformed {
        Object result = stack.pop();
        if (!stack.isEmpty()) {
            throw new Malformed("more than one value is on the stack", "exactly one at the end");
        }
        if (input.remaining() > 0) {
            throw new Malformed(input.remaining() + " bytes follow", "the end of the file");
        }
        return result;
    }

    OperandStack stack() {
        return stack;
    }

    void push(Object value) throws Malformed {
        stack.push(value);
    }

    void protocol(long version) throws Malformed {
        if (offset > 0) {
            throw new Malformed("a second PROTO", "one, at the start");
        }
        if (version < OLDEST_PROTOCOL || version > NEWEST_PROTOCOL) {
            throw new Malformed("pickle protocol " + version, "protocol 2 to 5; save the file again with protocol=4");
        }
    }

    /** A frame only tells how far to read ahead; like Python's own reader this one does not hold the instructions to it. */
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
        Kind.require(PythonList.class, stack.peek(), "a list below the value").add(value);
    }

    void appendFromMark() throws Malformed {
        List<Object> values = stack.popToMark();
        PythonList list = Kind.require(PythonList.class, stack.peek(), "a list or set below the mark");
        values.forEach(list::add);
    }

    void dictFromMark() throws Malformed {
        PythonDict dict = new PythonDict();
        dict.putAll(stack.popToMark());
        push(dict);
    }

    void setItem() throws Malformed {
        List<Object> item = stack.pop(2);
        Kind.require(PythonDict.class, stack.peek(), "a dictionary below the item").putAll(item);
    }

    void setItemsFromMark() throws Malformed {
        List<Object> items = stack.popToMark();
        Kind.require(PythonDict.class, stack.peek(), "a dictionary below the mark").putAll(items);
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
                Kind.require(String.class, names.get(0), "a module's name"),
                Kind.require(String.class, names.get(1), "a name within the module")));
    }

    void global(Global.Name name) throws Malformed {
        push(Globals.find(name).orElseThrow(() -> new Malformed(
                "the global " + Quotation.of(name.toString()) + " is refused",
                "only constructors of arrays and containers; nothing was executed")));
    }

    void reduce() throws Malformed {
        List<Object> call = stack.pop(2);
        Global function = Kind.require(Global.class, call.get(0), "a global to call");
        push(function.call(Kind.require(PythonTuple.class, call.get(1), "a tuple of arguments"), meter));
    }

    void build() throws Malformed {
        Object state = stack.pop();
        Kind.require(Buildable.class, stack.peek(), "an array or dtype below its state").build(state, meter);
    }
}
