package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An operation that is being read. */
final class Draft {
    private final String name;
    private final int position;
    private final List<Value> operands = new ArrayList<>();
    private final Map<String, Attribute> properties = new LinkedHashMap<>();
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private final List<Region> regions = new ArrayList<>();
    private List<Value> results = List.of();
    private String location = "";

    /**
     * The code of a region.
     *
     * @param argumentNames the names of the arguments in their locations
     */
    record Region(Block block, List<String> argumentNames) {}

    Draft(String name, int position) {
        this.name = name;
        this.position = position;
    }

    String name() {
        return name;
    }

    int position() {
        return position;
    }

    List<Value> operands() {
        return operands;
    }

    /** Attributes that belong to the operation. */
    Map<String, Attribute> properties() {
        return properties;
    }

    /** Attributes of which some may belong to the operation. */
    Map<String, Attribute> attributes() {
        return attributes;
    }

    List<Region> regions() {
        return regions;
    }

    List<Value> results() {
        return results;
    }

    void setResults(List<Value> values) {
        results = List.copyOf(values);
    }

    String location() {
        return location;
    }

    void setLocation(String found) {
        if (location.isEmpty()) {
            location = found;
        }
    }

    /** Checks the types of the operands, and makes the results. */
    void setTypes(List<Type> operandTypes, List<Type> resultTypes, TextCursor in) throws ProgramException {
        List<Type> found = operands.stream().map(Value::type).toList();
        if (!found.equals(operandTypes)) {
            throw in.faultAt(
                    position, name + " has operands of types " + found + ", its signature says " + operandTypes);
        }
        setResults(resultTypes.stream().map(Value::new).toList());
    }

    /** The operation. */
    Operation build(TextCursor in) throws ProgramException {
        List<Block> blocks = regions.stream().map(Region::block).toList();
        Optional<OpDefinition> definition = OpDefinition.find(name);
        Map<String, Attribute> annotations = new LinkedHashMap<>();
        Map<String, Attribute> declared = new LinkedHashMap<>();
        try {
            if (definition.isPresent()) {
                declared.putAll(AttributeGroups.canonical(definition.get(), properties, attributes, annotations));
            } else {
                declared.putAll(properties);
                declared.putAll(attributes);
            }
            return new Operation(name, operands, results, declared, annotations, blocks, location);
        } catch (IllegalArgumentException refused) {
            throw in.faultAt(position, refused.getMessage());
        }
    }
}
