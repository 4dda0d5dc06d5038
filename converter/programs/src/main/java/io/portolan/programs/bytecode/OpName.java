package io.portolan.programs.bytecode;

import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.OpDefinition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an operation as the file has it, resolved once.
 *
 * @param stored the full name in the file, such as {@code vhlo.sine_v1}
 * @param isPortable whether it is an operation of VHLO
 * @param name the full name in StableHLO, such as {@code stablehlo.sine}; of other dialects, the stored name
 * @param definition its row in the table of operations; empty if it has none, or not this revision
 * @param attributes the attributes of this revision, in the order of its record of properties
 */
record OpName(
        String stored,
        boolean isPortable,
        String name,
        Optional<OpDefinition> definition,
        List<AttributeDefinition> attributes) {
    static final String MODULE = "builtin.module";

    private static final Pattern REVISED = Pattern.compile("vhlo\\.(.+)_v([1-9][0-9]{0,3})");

    static OpName of(String stored) {
        Matcher revised = REVISED.matcher(stored);
        if (!revised.matches()) {
            return new OpName(stored, stored.startsWith("vhlo."), stored, Optional.empty(), List.of());
        }
        int revision = Integer.parseInt(revised.group(2));
        String name = revised.group(1).equals("call") ? "func.call" : "stablehlo." + revised.group(1);
        Optional<OpDefinition> definition = OpDefinition.find(name).filter(row -> revision <= row.revisions());
        List<AttributeDefinition> attributes =
                definition.map(row -> row.attributes(revision)).orElse(List.of());
        return new OpName(stored, true, name, definition, attributes);
    }

    boolean isModule() {
        return stored.equals(MODULE);
    }

    boolean isFunction() {
        return stored.equals("vhlo.func_v1");
    }

    /** Whether it ends a block and gives its results. */
    boolean isReturn() {
        return name.endsWith(".return");
    }

    /** Whether its results are its operands: a change of dialect, or a hint where data shall be. */
    boolean isIdentity() {
        return stored.equals("builtin.unrealized_conversion_cast") || stored.equals("sdy.sharding_constraint");
    }

    /** Whether it only declares devices. */
    boolean isDeclaration() {
        return stored.equals("sdy.mesh");
    }
}
