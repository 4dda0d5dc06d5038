package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.AttributeForm;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Quotation;
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
    /** How many items all attributes of all operations may have, each counted for every operation that has it. */
    private static final long MOST_ITEMS = 1 << 21;

    private static final int WITH_PROPERTIES = 5;
    private static final String LATEST = "1.20.0";

    private final Pool pool;
    private final int format;
    private final String producer;
    private final Map<AttributeDefinition.Kind, Map<Attribute, Attribute>> declared =
            new EnumMap<>(AttributeDefinition.Kind.class);
    private final Map<OpName, Map<Object, Form>> forms = new IdentityHashMap<>();
    private long items;

    OperationBuilder(Pool pool, int format, String producer) {
        this.pool = pool;
        this.format = format;
        this.producer = producer;
    }

    Operation build(OpHeader header, List<Block> regions) throws ProgramException {
        Form form = header.name().isPortable() ? form(header) : new Form(header.dictionary(), Map.of());
        items += form.attributes.size() + form.annotations.size();
        if (items > MOST_ITEMS) {
            throw header.fault("the operations have more than " + MOST_ITEMS + " attributes in all");
        }
        return new Operation(
                header.name().name(),
                header.operands(),
                header.results(),
                form.attributes,
                form.annotations,
                regions,
                header.location());
    }

    /** The attributes of an operation as its row declares them, and all others; worked out once for each record of properties. */
    private Form form(OpHeader header) throws ProgramException {
        Map<Object, Form> known = forms.computeIfAbsent(header.name(), name -> new IdentityHashMap<>());
        Object key = header.properties().isPresent() ? header.properties().get() : header.dictionary();
        Form form = known.get(key);
        if (form == null) {
            form = format < WITH_PROPERTIES ? ofDictionary(header) : ofRecord(header);
            known.put(key, form);
        }
        return format < WITH_PROPERTIES ? form : new Form(form.attributes, header.dictionary());
    }

    private Form ofRecord(OpHeader header) throws ProgramException {
        OpDefinition definition = definition(header);
        List<AttributeDefinition> expected = header.name().attributes();
        if (header.properties().isEmpty() && !expected.isEmpty()) {
            throw header.fault(Quotation.of(header.name().stored()) + " has no properties");
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        if (header.properties().isPresent()) {
            ByteCursor record = header.properties().get().copy();
            for (AttributeDefinition each : expected) {
                add(each, pool.attribute(record.index(pool.attributeCount(), "attribute")), header, attributes);
            }
            record.requireEnd("a record of properties");
        }
        return new Form(canonical(definition, attributes, header), Map.of());
    }

    private Form ofDictionary(OpHeader header) throws ProgramException {
        OpDefinition definition = definition(header);
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        Map<String, Attribute> annotations = new LinkedHashMap<>(header.dictionary());
        for (AttributeDefinition each : header.name().attributes()) {
            Attribute value = annotations.remove(each.name());
            if (value != null) {
                add(each, value, header, attributes);
            }
        }
        return new Form(canonical(definition, attributes, header), annotations);
    }

    private static Map<String, Attribute> canonical(
            OpDefinition definition, Map<String, Attribute> attributes, OpHeader header) throws ProgramException {
        // The padding of the first revision of this operation is that of its operand; the attribute was never used.
        if (header.name().stored().equals("vhlo.dynamic_conv_v1")) {
            attributes.remove("padding");
        }
        try {
            return definition.canonical(attributes);
        } catch (IllegalArgumentException refused) {
            throw header.fault(refused.getMessage());
        }
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

    private void add(
            AttributeDefinition definition, Attribute value, OpHeader header, Map<String, Attribute> attributes)
            throws ProgramException {
        if (value.equals(AttributeDecoder.NO_TYPE)) {
            return;
        }
        Map<Attribute, Attribute> known = declared.computeIfAbsent(definition.kind(), kind -> new IdentityHashMap<>());
        Attribute form = known.get(value);
        if (form == null) {
            try {
                form = AttributeForm.of(definition, value);
            } catch (IllegalArgumentException refused) {
                throw header.fault(refused.getMessage());
            }
            known.put(value, form);
        }
        attributes.put(definition.name(), form);
    }

    private record Form(Map<String, Attribute> attributes, Map<String, Attribute> annotations) {}
}
