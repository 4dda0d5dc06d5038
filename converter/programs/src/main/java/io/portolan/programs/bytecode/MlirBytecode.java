package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.CallGraph;
import io.portolan.programs.stablehlo.Module;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A program in MLIR bytecode. Read are formats 0 to 6 with operations of VHLO 0.9.0 and later, as {@code jax.export} and jax2tf write
 * them; old revisions of operations are brought to the newest. Constants are not copied: they stay parts of the given bytes.
 *
 * @param module the program
 * @param producer what the file says about its writer, such as {@code StableHLO_v1.15.0}
 * @param format the version of the format of the bytecode
 */
public record MlirBytecode(Module module, String producer, int format) {
    private static final int MAGIC = 0x52EF4C4D;
    private static final int NEWEST_FORMAT = 6;
    private static final int WITH_PROPERTIES = 5;
    private static final String PORTABLE = "StableHLO_v";
    private static final String OLDEST_VERSION = "0.9.0";

    /** Whether bytes begin as MLIR bytecode does. */
    public static boolean matches(ByteBuffer bytes) {
        ByteBuffer start = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return start.remaining() >= Integer.BYTES && start.getInt() == MAGIC;
    }

    /**
     * Reads a program.
     *
     * @param bytes the bytecode, from position to limit; they must not change afterwards
     * @param origin the offset of the bytecode in its file, for messages
     * @throws ProgramException if it is damaged or not a program that is supported; the message is one line
     */
    public static MlirBytecode read(ByteBuffer bytes, long origin) throws ProgramException {
        if (!matches(bytes)) {
            throw ProgramException.at(origin, "this is not MLIR bytecode, expected the bytes 4D 4C EF 52");
        }
        ByteCursor in = ByteCursor.of(bytes, origin);
        in.take(Integer.BYTES);
        long format = in.varint();
        if (Long.compareUnsigned(format, NEWEST_FORMAT) > 0) {
            throw in.fault("MLIR bytecode of format " + Long.toUnsignedString(format)
                    + " is not supported, expected at most " + NEWEST_FORMAT);
        }
        String producer = in.terminated();
        Sections sections = Sections.read(in);
        return new MlirBytecode(module(sections, (int) format, producer, bytes.remaining()), producer, (int) format);
    }

    private static Module module(Sections sections, int format, String producer, long size) throws ProgramException {
        StringTable strings = StringTable.read(sections.get(Sections.STRINGS));
        NameTable names = NameTable.read(sections.get(Sections.NAMES), strings, format);
        EntryTable.Pair entries =
                EntryTable.read(sections.get(Sections.ENTRY_SIZES), sections.get(Sections.ENTRIES), names.dialects());
        Pool pool = new Pool(entries, strings, size);
        PropertyTable properties =
                format < WITH_PROPERTIES ? PropertyTable.none() : PropertyTable.read(sections.get(Sections.PROPERTIES));
        Locations locations = new Locations(pool);
        CodeReader code = new CodeReader(
                format,
                pool,
                locations,
                new OpHeaderReader(names.operations(), pool, properties, locations),
                new OperationBuilder(pool, format, producer),
                new ModuleBuilder(pool));
        Module module = code.read(sections.get(Sections.CODE));
        try {
            CallGraph.check(module);
        } catch (IllegalArgumentException refused) {
            throw new ProgramException(refused.getMessage(), refused);
        }
        return module;
    }

    /** The version of VHLO, such as {@code 1.15.0}; files that do not tell are of the oldest. */
    public String version() {
        String version = producer.startsWith(PORTABLE) ? producer.substring(PORTABLE.length()) : "";
        return version.matches("[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}") ? version : OLDEST_VERSION;
    }

    /** A short description, such as {@code VHLO 1.15.0}. */
    public String form() {
        return "VHLO " + version();
    }
}
