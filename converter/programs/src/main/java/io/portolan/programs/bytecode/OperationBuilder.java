package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.Quotation;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes operations of StableHLO from those of VHLO. What a newer revision of an operation has beyond an older one is the default of its
 * row in {@link OpDefinition}, so that old revisions need nothing filled in.
 */
final class OperationBuilder {
    /** How many items all attributes of all operations may have, each counted where it is used. */
    private static final long MOST_ITEMS = 1 << 23;

    private static final String LATEST = "1.20.0";

    private final Pool pool;
    private final int format;
    private final String producer;
    private final Map<AttributeDefinition.Kind, Map<Attribute, Optional<Attribute>>> canonical =
            new EnumMap<>(AttributeDefinition.Kind.class);
    private long items;

    OperationBuilder(Pool pool, int format, String producer) {
        this.pool = pool;
        this.format = format;
        this.producer = producer;
    }

    Operation build(OpHeader header, List<Block> regions) throws ProgramException {
        OpName name = header.name();
        charge(header.dictionary().size(), header);
        if (!name.isPortable()) {
            return operation(header, header.dictionary(), Map.of(), regions);
        }
        OpDefinition definition = definition(header);
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        Map<String, Attribute> annotations = new LinkedHashMap<>(header.dictionary());
        for (AttributeDefinition each : definition.attributes(name.revision())) {
            Attribute value = format < 5
                    ? annotations.remove(each.name())
                    : pool.attribute(properties(header).index(pool.attributeCount(), "attribute"));
            if (value != null) {
                charge(size(value), header);
                canonical(each, value, header).ifPresent(form -> attributes.put(each.name(), form));
            }
        }
        if (header.properties().isPresent()) {
            header.properties().get().requireEnd("the record of properties of " + name.stored());
        }
        // The padding of the first revision of this operation is that of its operand; the attribute was never used.
        if (name.stored().equals("vhlo.dynamic_conv_v1")) {
            attributes.remove("padding");
        }
        try {
            return operation(header, definition.canonical(attributes), annotations, regions);
        } catch (IllegalArgumentException refused) {
            throw header.fault(refused.getMessage());
        }
    }

    private static Operation operation(
            OpHeader header,
            Map<String, Attribute> attributes,
            Map<String, Attribute> annotations,
            List<Block> regions) {
        return new Operation(
                header.name().name(),
                header.operands(),
                header.results(),
                attributes,
                annotations,
                regions,
                header.location());
    }

    /** The row of a known revision of an operation. */
    private OpDefinition definition(OpHeader header) throws ProgramException {
        Optional<OpDefinition> definition = header.name().definition();
        if (definition.isEmpty()) {
            throw header.fault("the operation " + Quotation.of(header.name().stored()) + " of "
                    + Quotation.of(producer) + " is unknown, expected one of VHLO 0.9.0 to " + LATEST
                    + "; export for an older version of StableHLO");
        }
        return definition.get();
    }

    private static ByteCursor properties(OpHeader header) throws ProgramException {
        if (header.properties().isEmpty()) {
            throw header.fault(header.name().stored() + " has no properties");
        }
        return header.properties().get();
    }

    private Optional<Attribute> canonical(AttributeDefinition definition, Attribute value, OpHeader header)
            throws ProgramException {
        Map<Attribute, Optional<Attribute>> known =
                canonical.computeIfAbsent(definition.kind(), kind -> new IdentityHashMap<>());
        Optional<Attribute> form = known.get(value);
        if (form == null) {
            form = CanonicalForm.of(definition, value, header);
            known.put(value, form);
        }
        return form;
    }

    private static int size(Attribute value) {
        if (value instanceof Attribute.Items list) {
            return list.items().size();
        }
        return value instanceof Attribute.Entries entries ? entries.byName().size() : 1;
    }

    private void charge(int more, OpHeader header) throws ProgramException {
        items += more;
        if (items > MOST_ITEMS) {
            throw header.fault("the operations have more than " + MOST_ITEMS + " attributes in all");
        }
    }
}
