package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what stands before the regions of an operation. */
final class OpHeaderReader {
    private static final int DICTIONARY = 0x01;
    private static final int RESULTS = 0x02;
    private static final int OPERANDS = 0x04;
    private static final int SUCCESSORS = 0x08;
    private static final int REGIONS = 0x10;
    private static final int RESULT_ORDERS = 0x20;
    private static final int PROPERTIES = 0x40;

    private final List<OpName> names;
    private final Pool pool;
    private final PropertyTable properties;
    private final Locations locations;

    OpHeaderReader(List<OpName> names, Pool pool, PropertyTable properties, Locations locations) {
        this.names = names;
        this.pool = pool;
        this.properties = properties;
        this.locations = locations;
    }

    /** An operation, and whether regions follow. */
    record Result(OpHeader header, boolean hasRegions) {}

    /** Reads a header, and defines its results. */
    Result read(ByteCursor in, ValueScope scope, ValueScope.Range range) throws ProgramException {
        long offset = in.offset();
        OpName name = names.get(in.index(names.size(), "name of an operation"));
        int mask = in.unsignedByte();
        if (mask > 0x7F) {
            throw in.fault("an operation has unknown parts, mask " + mask + ", expected at most 127");
        }
        String location = locations.read(in);
        Map<String, Attribute> dictionary = (mask & DICTIONARY) == 0 ? Map.of() : dictionary(in);
        Optional<ByteCursor> record = (mask & PROPERTIES) == 0 ? Optional.empty() : record(in, name);
        List<Value> results = (mask & RESULTS) == 0 ? List.of() : results(in);
        List<Value> operands = (mask & OPERANDS) == 0 ? List.of() : operands(in, scope);
        if ((mask & SUCCESSORS) != 0) {
            throw in.fault(Quotation.of(name.stored()) + " branches to other blocks, which StableHLO has not");
        }
        if ((mask & RESULT_ORDERS) != 0) {
            UseOrders.skip(in, results.size());
        }
        if (name.isIdentity()) {
            results = identity(results, operands, name, in);
        }
        for (Value result : results) {
            scope.define(range, result, in);
        }
        return new Result(
                new OpHeader(name, location, dictionary, record, operands, results, in, offset), (mask & REGIONS) != 0);
    }

    private Map<String, Attribute> dictionary(ByteCursor in) throws ProgramException {
        if (pool.attribute(in.index(pool.attributeCount(), "attribute")) instanceof Attribute.Entries entries) {
            return entries.byName();
        }
        throw in.fault("the attributes of an operation are not a dictionary");
    }

    private Optional<ByteCursor> record(ByteCursor in, OpName name) throws ProgramException {
        if (name.isPortable() || name.isModule()) {
            return Optional.of(properties.next(in));
        }
        in.varint();
        return Optional.empty();
    }

    private List<Value> results(ByteCursor in) throws ProgramException {
        int count = in.count("results");
        List<Value> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(new Value(pool.valueType(in.index(pool.typeCount(), "type"))));
        }
        return results;
    }

    private static List<Value> operands(ByteCursor in, ValueScope scope) throws ProgramException {
        int count = in.count("operands");
        List<Value> operands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operands.add(scope.read(in));
        }
        return operands;
    }

    private static List<Value> identity(List<Value> results, List<Value> operands, OpName name, ByteCursor in)
            throws ProgramException {
        if (!results.stream()
                .map(Value::type)
                .toList()
                .equals(operands.stream().map(Value::type).toList())) {
            throw in.fault(name.stored() + " changes the number or the types of its values");
        }
        return operands;
    }
}
