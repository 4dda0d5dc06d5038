package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The context in which an operation is lowered: its translated operands, its attributes, and a builder to append to. */
public final class OpContext {
    private final Operation operation;
    private final List<LoweredTensor> operands;
    private final BlockTranslator translator;
    private final GraphBuilder builder;

    OpContext(Operation operation, List<LoweredTensor> operands, BlockTranslator translator, GraphBuilder builder) {
        this.operation = operation;
        this.operands = operands;
        this.translator = translator;
        this.builder = builder;
    }

    /** The operation. */
    public Operation op() {
        return operation;
    }

    /** A builder that appends to the graph under construction; names begin with that of this operation. */
    public GraphBuilder b() {
        return builder;
    }

    /** The operands. */
    public List<LoweredTensor> operands() {
        return operands;
    }

    /** An operand, real or complex. */
    public LoweredTensor operand(int index) {
        operation.operand(index);
        return operands.get(index);
    }

    /** The type of an operand in the program. */
    public TensorType type(int index) {
        return operand(index).type();
    }

    /** The type of the only result. */
    public TensorType resultType() {
        return operation.result().tensor();
    }

    /** The type of a result. */
    public TensorType resultType(int index) {
        return operation.results().get(index).tensor();
    }

    /** Whether any operand is complex. */
    public boolean hasComplex() {
        return operands.stream().anyMatch(LoweredTensor::isComplex);
    }

    /** A real operand in full size. */
    public Value real(int index) {
        return real(operand(index).full(builder), index);
    }

    /** A real operand as it broadcasts to its size. */
    public Value compact(int index) {
        return real(operand(index).compact(), index);
    }

    /** A complex operand in full size; a real one has no imaginary part and is refused. */
    public ComplexValue complex(int index) {
        if (operand(index).full(builder) instanceof ComplexValue pair) {
            return pair;
        }
        throw new IllegalArgumentException("expected complex numbers as operand " + index + ", got " + type(index));
    }

    private Value real(TranslatedTensor tensor, int index) {
        if (tensor instanceof RealValue real) {
            return real.value();
        }
        throw new IllegalArgumentException("expected real numbers as operand " + index + ", got " + type(index));
    }

    /** The elements of a real operand, if they are known now; a repeated one may hold a single element. */
    public Optional<TensorData> constant(int index) {
        return compact(index).data();
    }

    /** An integer operand of rank 0 or 1 as a vector of 64-bit integers. */
    public Value sizes(int index) {
        Value numbers = sizesMatrix(index);
        return numbers.rank() == 0 ? builder.reshape(numbers, 1) : numbers;
    }

    /** An operand of integers of any rank, as 64-bit integers. */
    public Value sizesMatrix(int index) {
        return builder.cast(real(index), OnnxType.INT64);
    }

    /** Whether any operation uses a result. */
    public boolean isUsed(io.portolan.programs.stablehlo.Value result) {
        return translator.isUsed(result);
    }

    /** A real result in full size. */
    public LoweredTensor result(Value full) {
        return LoweredTensor.of(resultType(), full);
    }

    /** A result in full size. */
    public LoweredTensor result(TranslatedTensor full) {
        return LoweredTensor.of(resultType(), full);
    }

    /** Appends a block to the graph of this operation. */
    public List<LoweredTensor> inline(Block block, List<LoweredTensor> arguments) {
        return translator.block(block, arguments, builder.graph());
    }

    /** Appends a function to the graph of this operation. */
    public List<LoweredTensor> call(String function, List<LoweredTensor> arguments) {
        return translator.call(function, arguments, builder.graph());
    }

    /** The body of a function that the operation names. */
    public Block function(String name) {
        return translator.module().function(name).body();
    }

    /** Translates a block into another graph, such as one that is nested in that of this operation. */
    public List<LoweredTensor> translate(Block block, List<LoweredTensor> arguments, OnnxGraph graph) {
        return translator.block(block, arguments, graph);
    }

    /** Translates a block into another graph, with given results of some of its operations. */
    public List<LoweredTensor> translate(
            Block block, List<LoweredTensor> arguments, OnnxGraph graph, Map<Operation, List<LoweredTensor>> given) {
        return translator.block(block, arguments, graph, given);
    }

    /** Looks up what a value of an enclosing block was translated to. */
    public Optional<LoweredTensor> known(io.portolan.programs.stablehlo.Value value) {
        return translator.known(value);
    }

    /** The operation that computes an operand; empty for arguments and for operands that are computed elsewhere. */
    public Optional<Operation> producer(io.portolan.programs.stablehlo.Value value) {
        return translator.producer(value);
    }
}
