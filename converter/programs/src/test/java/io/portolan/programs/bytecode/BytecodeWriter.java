package io.portolan.programs.bytecode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes programs in every format of MLIR bytecode, right or deliberately wrong ones. */
final class BytecodeWriter {
    private final int format;
    private final String producer;
    private final List<String> strings = new ArrayList<>();
    private final List<String> dialects = new ArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private final List<byte[]> properties = new ArrayList<>();
    private final Entries attributes = new Entries();
    private final Entries types = new Entries();

    private record Entry(int dialect, byte[] content, boolean isEncoded) {}

    private static final class Entries extends ArrayList<Entry> {
        private static final long serialVersionUID = 1;
    }

    /** A region with one block, whose values are its arguments and the results of its operations. */
    record Region(int values, List<Integer> arguments, List<ByteSink> operations) {}

    BytecodeWriter(int format, String producer) {
        this.format = format;
        this.producer = producer;
    }

    int string(String text) {
        return number(strings, text);
    }

    int dialect(String name) {
        string(name);
        return number(dialects, name);
    }

    private static int number(List<String> list, String text) {
        if (!list.contains(text)) {
            list.add(text);
        }
        return list.indexOf(text);
    }

    int attribute(String dialect, ByteSink content) {
        attributes.add(new Entry(dialect(dialect), content.toBytes(), true));
        return attributes.size() - 1;
    }

    int textAttribute(String dialect, String assembly) {
        byte[] text = (assembly + "\0").getBytes(StandardCharsets.UTF_8);
        attributes.add(new Entry(dialect(dialect), text, false));
        return attributes.size() - 1;
    }

    int type(String dialect, ByteSink content) {
        types.add(new Entry(dialect(dialect), content.toBytes(), true));
        return types.size() - 1;
    }

    int vhlo(long... content) {
        return attribute("vhlo", new ByteSink().varint(content));
    }

    /** A type of VHLO without fields. */
    int plainType(int code) {
        return type("vhlo", new ByteSink().varint(code));
    }

    int tensorType(int element, long... dims) {
        return type("vhlo", new ByteSink().varint(20, dims.length).signed(dims).varint(element));
    }

    int tensor(int type, byte[] blob) {
        return attribute("vhlo", new ByteSink().varint(15, type).blob(blob));
    }

    /** A list of dimensions, as VHLO stores it. */
    int numbers(int int64, long... values) {
        ByteSink sink = new ByteSink();
        for (long value : values) {
            sink.raw((int) value, 0, 0, 0, 0, 0, 0, 0);
        }
        return tensor(tensorType(int64, values.length), sink.toBytes());
    }

    int text(String value) {
        return vhlo(14, string(value));
    }

    int integer(int type, long value) {
        return attribute("vhlo", new ByteSink().varint(9, type).signed(value));
    }

    int builtinText(String value) {
        return attribute("builtin", new ByteSink().varint(2, string(value)));
    }

    /** A dictionary of the dialect builtin. */
    int dictionary(Map<String, Integer> entries) {
        ByteSink sink = new ByteSink().varint(1, entries.size());
        entries.forEach((name, value) -> sink.varint(builtinText(name), value));
        return attribute("builtin", sink);
    }

    int unknownLocation() {
        return attribute("builtin", new ByteSink().varint(15));
    }

    /** An operation with its attributes where the format has them: in a record of properties or in the dictionary. */
    ByteSink op(String name, Map<String, Integer> given, int[] results, int[] operands, Region... regions) {
        return op(name, given, results, operands, false, regions);
    }

    ByteSink op(
            String name,
            Map<String, Integer> given,
            int[] results,
            int[] operands,
            boolean isIsolated,
            Region... regions) {
        boolean hasRecord = format >= 5 && !given.isEmpty();
        boolean hasDictionary = format < 5 && !given.isEmpty();
        int mask = (hasDictionary ? 1 : 0)
                | (hasRecord ? 0x40 : 0)
                | (results.length > 0 ? 2 : 0)
                | (operands.length > 0 ? 4 : 0)
                | (regions.length > 0 ? 0x10 : 0);
        ByteSink sink = new ByteSink().varint(operation(name)).raw(mask).varint(unknownLocation());
        if (hasDictionary) {
            sink.varint(dictionary(given));
        }
        if (hasRecord) {
            sink.varint(record(name, given));
        }
        list(sink, results);
        list(sink, operands);
        if (regions.length > 0) {
            sink.flagged(regions.length, isIsolated);
            ByteSink content = new ByteSink();
            for (Region region : regions) {
                content.raw(region(region));
            }
            if (isIsolated && format >= 2) {
                sink.section(4, content);
            } else {
                sink.raw(content.toBytes());
            }
        }
        return sink;
    }

    int operation(String name) {
        dialect(name.substring(0, name.indexOf('.')));
        string(name.substring(name.indexOf('.') + 1));
        return number(operations, name);
    }

    private int record(String name, Map<String, Integer> given) {
        ByteSink record = new ByteSink();
        boolean isModule = name.equals("builtin.module");
        new TreeMap<>(given)
                .values()
                .forEach(value -> record.raw(
                        isModule
                                ? new ByteSink().flagged(value, true).toBytes()
                                : new ByteSink().varint(value).toBytes()));
        if (isModule) {
            record.varint(0);
        }
        return record(record);
    }

    int record(ByteSink content) {
        properties.add(content.toBytes());
        return properties.size() - 1;
    }

    private static void list(ByteSink sink, int... items) {
        if (items.length > 0) {
            sink.varint(items.length);
            for (int item : items) {
                sink.varint(item);
            }
        }
    }

    private byte[] region(Region region) {
        ByteSink sink = new ByteSink().varint(1, region.values());
        sink.flagged(region.operations().size(), !region.arguments().isEmpty());
        if (!region.arguments().isEmpty()) {
            sink.varint(region.arguments().size());
            for (int type : region.arguments()) {
                if (format >= 4) {
                    sink.flagged(type, false);
                } else {
                    sink.varint(type, unknownLocation());
                }
            }
            if (format >= 3) {
                sink.raw(0);
            }
        }
        region.operations().forEach(operation -> sink.raw(operation.toBytes()));
        return sink.toBytes();
    }

    /** A module with one function. */
    byte[] program(Region main) {
        return module(function("main", main));
    }

    ByteSink function(String name, Region body) {
        int none = vhlo(1, 0);
        return function(name, none, none, body);
    }

    /** A function with lists of dictionaries for its arguments and its results. */
    ByteSink function(String name, int argumentAttributes, int resultAttributes, Region body) {
        int type = vhlo(17, type("vhlo", new ByteSink().varint(8, 0, 0)));
        return op(
                "vhlo.func_v1",
                Map.of(
                        "arg_attrs", argumentAttributes,
                        "function_type", type,
                        "res_attrs", resultAttributes,
                        "sym_name", text(name),
                        "sym_visibility", text("public")),
                new int[0],
                new int[0],
                true,
                body);
    }

    byte[] module(ByteSink... functions) {
        ByteSink module = op(
                "builtin.module",
                Map.of("sym_name", builtinText("jit_f")),
                new int[0],
                new int[0],
                true,
                new Region(0, List.of(), List.of(functions)));
        return file(new ByteSink().flagged(1, false).raw(module.toBytes()));
    }

    /** A file with this code. */
    byte[] file(ByteSink code) {
        ByteSink names = names();
        ByteSink sizes = new ByteSink().varint(attributes.size(), types.size());
        ByteSink data = new ByteSink();
        for (Entries table : List.of(attributes, types)) {
            for (Entry entry : table) {
                sizes.varint(entry.dialect, 1).flagged(entry.content.length, entry.isEncoded);
                data.raw(entry.content);
            }
        }
        ByteSink file = new ByteSink().raw(0x4D, 0x4C, 0xEF, 0x52).varint(format);
        file.raw(producer.getBytes(StandardCharsets.UTF_8)).raw(0);
        file.section(1, names)
                .section(3, sizes)
                .alignedSection(2, 32, data)
                .section(4, code)
                .section(0, stringSection());
        if (format >= 5) {
            ByteSink records = new ByteSink().varint(properties.size());
            properties.forEach(records::blob);
            file.section(8, records);
        }
        return file.toBytes();
    }

    private ByteSink names() {
        ByteSink names = new ByteSink().varint(dialects.size());
        for (String dialect : dialects) {
            if (format >= 1) {
                names.flagged(string(dialect), false);
            } else {
                names.varint(string(dialect));
            }
        }
        if (format >= 4) {
            names.varint(operations.size());
        }
        for (String operation : operations) {
            int dot = operation.indexOf('.');
            names.varint(dialects.indexOf(operation.substring(0, dot)), 1);
            int name = string(operation.substring(dot + 1));
            if (format >= 5) {
                names.flagged(name, true);
            } else {
                names.varint(name);
            }
        }
        return names;
    }

    private ByteSink stringSection() {
        ByteSink sizes = new ByteSink().varint(strings.size());
        ByteSink content = new ByteSink();
        for (int i = strings.size() - 1; i >= 0; i--) {
            sizes.varint(strings.get(i).getBytes(StandardCharsets.UTF_8).length + 1);
        }
        strings.forEach(
                text -> content.raw(text.getBytes(StandardCharsets.UTF_8)).raw(0));
        return sizes.raw(content.toBytes());
    }
}
