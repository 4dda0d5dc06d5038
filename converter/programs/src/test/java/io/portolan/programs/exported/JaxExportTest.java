package io.portolan.programs.exported;

import static io.portolan.programs.exported.FlatWriter.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.Refusals;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of other versions of the schema than that of the golden files, and files that are not what they claim. */
class JaxExportTest {
    private static final Map<Integer, Object> LEAF = table(0, 0);
    private static final byte[] EXPORT = new GoldenProgram("trees").exported();

    /** Schema 1 to 9: types in place, 16 bits of devices; 10 and 11: different types once, 32 bits of devices. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void oldAndNewFieldsSayTheSame(boolean isNew) throws Exception {
        Program program =
                JaxExport.read(buffer(isNew ? newFields(export()) : export())).program();
        assertEquals("f", program.name());
        assertEquals(List.of("cpu", "cuda"), program.platforms());
        assertEquals(
                List.of(
                        new Program.Argument("[0]['a b']", ElementType.F32, List.of("3"), true),
                        new Program.Argument("[0]['it\\'s \"b\"'][0]", ElementType.F32, List.of("5", "3"), true),
                        new Program.Argument("[1]", ElementType.UI32, List.of("7", "2"), false),
                        new Program.Argument("[2][<flat index 0>]", ElementType.F32, List.of("2", "5"), true),
                        new Program.Argument("[\"it's\"]", ElementType.I1, List.of("n"), false)),
                program.arguments());
        assertEquals(
                List.of(
                        new Program.Argument("[0]", ElementType.F32, List.of(), true),
                        new Program.Argument("[2]", ElementType.F32, List.of("2", "3"), true)),
                program.results());
    }

    @Test
    void theGradientIsReachable() throws Exception {
        Map<Integer, Object> export = export();
        Map<Integer, Object> gradient = export();
        gradient.put(1, "fun_vjp_f");
        export.put(17, gradient);
        JaxExport read = JaxExport.read(buffer(export));
        assertEquals("f", read.program().name());
        assertEquals("fun_vjp_f", read.gradient().orElseThrow().program().name());
        assertFalse(read.gradient().orElseThrow().gradient().isPresent());
    }

    private record Attack(String name, String words, Map<Integer, Object> export, boolean isSharing) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                attack("several devices", "runs on 8 devices", 6, 8),
                attack("several devices in 32 bits", "runs on 70000 devices", 18, 70000),
                attack("ordered effects", "ordered effects", 10, List.of(table(0, "Print"))),
                attack("no code", "holds no MLIR bytecode", 13, new byte[] {1, 2, 3}),
                attack("damaged code", "section 0 is missing", 13, new byte[] {0x4D, 0x4C, (byte) 0xEF, 0x52, 13, 'p', 0
                }),
                attack("kept twice", "kept arguments are not in order", 15, new short[] {0, 0, 3}),
                attack("kept beyond", "kept arguments are not in order", 15, new short[] {0, 1, 300}),
                attack("one argument less", "has 3 arguments, expected 2", 15, new short[] {0, 1}),
                attack("another argument", "argument '[1]' is ui32 '7, 2' by the file", 15, new short[] {0, 1, 2}),
                attack("fewer types", "tree of results has 2 leaves, expected 1", 5, List.of(type(10))),
                attack("a token", "a token for ordered effects", 3, List.of(table(0, 1))),
                attack("unknown element type", "unknown type 30", 3, List.of(type(30))),
                attack("arguments that are a leaf", "is not a tuple of positional arguments", 2, LEAF),
                attack("no tree", "the tree of results is missing", 4, null),
                attack("unknown node", "of kind 6, expected 0 to 5", 4, table(0, 6)),
                attack("leaf with children", "a leaf of a tree has children", 4, tree(0, List.of(), LEAF)),
                attack("keys without values", "2 keys for 1 values", 4, tree(4, List.of("a", "b"), LEAF)),
                attack("deep tree", "nests deeper than 64", 4, deep(100)),
                attack("tree that doubles", "more than 1048576 parts", 4, doubling(50)),
                attack("names that double", "more than 1048576 parts", 4, names()),
                attack("type beyond", "refers to type 7, expected less than 0", 22, new int[] {7}),
                attack("many gradients", "gradients of higher order than 64", 17, gradients(100)));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyAttackIsRefusedInOneLineWithinASecond(Attack attack) {
        byte[] file = FlatWriter.write(attack.export(), attack.isSharing());
        Refusals.expect(attack.words(), () -> ProgramFiles.read(file, "program.jaxexport"));
    }

    @Test
    void everyShortenedFileIsRefused() {
        for (int length = 0; length < EXPORT.length; length += 7) {
            byte[] cut = Arrays.copyOf(EXPORT, length);
            Refusals.only(() -> ProgramFiles.read(cut, "cut"));
        }
    }

    @Test
    void everyChangedOffsetIsReadOrRefused() {
        int metadata = 1200;
        for (int at = 0; at < Math.min(metadata, EXPORT.length - 4); at++) {
            for (int number : new int[] {0, -1, 1 << 10}) {
                byte[] changed = EXPORT.clone();
                ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
                Refusals.only(() -> ProgramFiles.read(changed, "changed"));
            }
        }
    }

    @Test
    void otherFilesAreRefused() {
        Refusals.expect("this is not a file of jax.export", () -> ProgramFiles.read(new byte[64], "zeros"));
        Refusals.expect(
                "this is not a file of jax.export",
                () -> ProgramFiles.read(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, "x.zip"));
    }

    private static Attack attack(String name, String words, int field, Object value) {
        Map<Integer, Object> export = export();
        if (value == null) {
            export.remove(field);
        } else {
            export.put(field, value);
        }
        return new Attack(name, words, export, name.endsWith("double") || name.endsWith("doubles"));
    }

    private static ByteBuffer buffer(Map<Integer, Object> export) {
        return ByteBuffer.wrap(FlatWriter.write(export));
    }

    private static Map<Integer, Object> tree(int kind, List<String> names, Object... children) {
        return table(0, kind, 1, List.of(children), 2, names);
    }

    private static Map<Integer, Object> type(int element, String... shape) {
        return table(0, 0, 1, List.of(shape), 2, element);
    }

    /** The program of the golden file "trees" with other trees around it; old fields. */
    private static Map<Integer, Object> export() {
        Map<Integer, Object> keys = tree(4, List.of("a b", "it's \"b\""), LEAF, tree(3, List.of(), LEAF));
        Map<Integer, Object> object = table(0, 5, 1, List.of(LEAF), 3, "mine", 4, new byte[] {1});
        Map<Integer, Object> arguments =
                tree(2, List.of(), tree(2, List.of(), keys, LEAF, object), tree(4, List.of("it's"), LEAF));
        return table(
                0,
                2,
                1,
                "f",
                2,
                arguments,
                3,
                List.of(type(10, "3"), type(10, "5", "3"), type(27, "7"), type(10, "2", "5"), type(0, "n")),
                4,
                tree(2, List.of(), LEAF, table(0, 1), LEAF),
                5,
                List.of(type(10), type(10, "2", "3")),
                6,
                1,
                9,
                List.of("cpu", "cuda"),
                13,
                code(),
                15,
                new short[] {0, 1, 3});
    }

    private static Map<Integer, Object> newFields(Map<Integer, Object> export) {
        Map<Integer, Object> changed = new HashMap<>(export);
        changed.keySet().removeAll(List.of(3, 5, 6));
        changed.put(18, 1);
        changed.put(
                19,
                List.of(
                        type(10, "3"),
                        type(10, "5", "3"),
                        type(27, "7"),
                        type(10, "2", "5"),
                        type(0, "n"),
                        type(10),
                        type(10, "2", "3")));
        changed.put(22, new int[] {0, 1, 2, 3, 4});
        changed.put(23, new int[] {5, 6});
        return changed;
    }

    private static byte[] code() {
        byte[] magic = {0x4D, 0x4C, (byte) 0xEF, 0x52};
        int at = 0;
        while (!Arrays.equals(EXPORT, at, at + 4, magic, 0, 4)) {
            at++;
        }
        int length = ByteBuffer.wrap(EXPORT).order(ByteOrder.LITTLE_ENDIAN).getInt(at - 4);
        return Arrays.copyOfRange(EXPORT, at, at + length);
    }

    private static Map<Integer, Object> deep(int depth) {
        return depth == 0 ? LEAF : tree(3, List.of(), deep(depth - 1));
    }

    private static Map<Integer, Object> doubling(int depth) {
        Map<Integer, Object> tree = LEAF;
        for (int i = 0; i < depth; i++) {
            tree = tree(3, List.of(), tree, tree);
        }
        return tree;
    }

    private static Map<Integer, Object> names() {
        String name = "n".repeat(100_000);
        return tree(
                4,
                Collections.nCopies(1000, name),
                Collections.nCopies(1000, LEAF).toArray());
    }

    private static Map<Integer, Object> gradients(int count) {
        Map<Integer, Object> export = export();
        for (int i = 0; i < count; i++) {
            Map<Integer, Object> outer = export();
            outer.put(17, export);
            export = outer;
        }
        return export;
    }
}
