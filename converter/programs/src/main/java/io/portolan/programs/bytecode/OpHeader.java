package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands before the regions of an operation.
 *
 * @param name its name
 * @param location the name that JAX gave it; empty if unknown
 * @param dictionary its dictionary of attributes; empty if it has none
 * @param properties its record of properties, which other operations may share; below format 5 they are in the dictionary
 * @param operands the values it takes
 * @param results the values it gives
 * @param in the reader of its regions, unless they are in a section of their own
 * @param offset where it begins in the file
 */
record OpHeader(
        OpName name,
        String location,
        Map<String, Attribute> dictionary,
        Optional<ByteCursor> properties,
        List<Value> operands,
        List<Value> results,
        ByteCursor in,
        long offset) {
    ProgramException fault(String message) {
        return ProgramException.at(offset, message);
    }
}
