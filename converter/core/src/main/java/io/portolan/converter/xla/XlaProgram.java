package io.portolan.converter.xla;

import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TUint8;

/**
 * A JAX program that XLA compiles and runs, on the processor and in this process. XLA compiles it when it first runs with inputs of new
 * sizes. Not safe for use by several threads at once.
 */
public final class XlaProgram implements AutoCloseable {
    private final Program program;
    private final XlaGraph described;
    private final Graph graph = new Graph();
    private final Session session;

    /**
     * Prepares a program.
     *
     * @param frozen the values of arguments that become constants, by path
     * @param threads the number of threads that operations use; 0 for all processors
     * @throws XlaException if it has arguments or results that TensorFlow cannot pass
     * @throws IllegalArgumentException if a given value does not have the type of its argument
     */
    public XlaProgram(Program program, Map<String, Elements> frozen, int threads) {
        this.program = program;
        this.described = XlaGraph.of(program, frozen, XlaGraph.Passing.BYTES);
        graph.importGraphDef(described.graph());
        session = new Session(
                graph,
                ConfigProto.newBuilder()
                        .putDeviceCount("GPU", 0)
                        .setAllowSoftPlacement(true)
                        .setIntraOpParallelismThreads(threads)
                        .setInterOpParallelismThreads(1)
                        .build());
    }

    /** Prepares a program all of whose arguments are inputs, for all processors. */
    public XlaProgram(Program program) {
        this(program, Map.of(), 0);
    }

    /** The paths of the arguments to be given, in order. */
    public List<String> inputs() {
        return described.inputs().stream().map(XlaGraph.Port::path).toList();
    }

    /**
     * Runs the program.
     *
     * @param inputs the arguments that are used and not frozen, in order
     * @return the results, in order
     * @throws IllegalArgumentException if the inputs are not of the types of the arguments
     * @throws XlaException if XLA cannot read or run it; the message says what it may be
     */
    public List<Elements> run(List<Elements> inputs) {
        try (XlaInputs given = give(inputs)) {
            return given.run();
        }
    }

    /**
     * Takes inputs to run the program on repeatedly.
     *
     * @throws IllegalArgumentException if they are not of the types of the arguments
     */
    public XlaInputs give(List<Elements> inputs) {
        if (inputs.size() != described.inputs().size()) {
            throw new IllegalArgumentException(
                    "expected " + described.inputs().size() + " inputs, got " + inputs.size());
        }
        for (int i = 0; i < inputs.size(); i++) {
            XlaGraph.Port port = described.inputs().get(i);
            if (!XlaGraph.fits(inputs.get(i).type(), port.type())) {
                throw new IllegalArgumentException("the input " + port.path() + " is of type "
                        + inputs.get(i).type() + ", expected " + port.type());
            }
        }
        return new XlaInputs(this, inputs.stream().map(XlaProgram::tensor).toList());
    }

    private static Tensor tensor(Elements elements) {
        ByteBuffer expanded = elements.expanded();
        byte[] bytes = new byte[expanded.remaining()];
        expanded.get(bytes);
        long[] dims = XlaTypes.bytes(elements.type()).dims().stream()
                .mapToLong(Long::longValue)
                .toArray();
        return Tensor.of(TUint8.class, Shape.of(dims), DataBuffers.of(bytes));
    }

    /** Runs on tensors; the caller closes the result. */
    Result execute(List<Tensor> tensors) {
        Session.Runner runner = session.runner();
        int next = 0;
        for (Tensor tensor : tensors) {
            runner.feed(described.inputs().get(next).tensor(), tensor);
            next++;
        }
        described.outputs().forEach(port -> runner.fetch(port.tensor()));
        try {
            return runner.run();
        } catch (RuntimeException failure) {
            throw XlaFailures.explain(program.module(), failure);
        }
    }

    List<Elements> elements(Result result) {
        List<Elements> outputs = new ArrayList<>();
        for (int i = 0; i < described.outputs().size(); i++) {
            ElementType element = described.outputs().get(i).type().element();
            RawTensor raw = result.get(i).asRawTensor();
            ByteDataBuffer data = raw.data();
            byte[] bytes = new byte[Math.toIntExact(data.size())];
            data.read(bytes);
            List<Long> dims = new ArrayList<>();
            int rank = raw.shape().numDimensions() - (element.bytes() == 1 ? 0 : 1);
            for (int axis = 0; axis < rank; axis++) {
                dims.add(raw.shape().get(axis));
            }
            outputs.add(new Elements(new TensorType(element, dims), ByteBuffer.wrap(bytes)));
        }
        return outputs;
    }

    /**
     * Writes the program as a SavedModel whose signature has the names of its arguments and results.
     *
     * @param frozen the values of arguments that become constants, by path
     * @param folder a new folder
     * @throws IOException if the name is taken or the folder cannot be written
     * @throws XlaException if it has arguments or results that TensorFlow cannot pass
     */
    public static void save(Program program, Map<String, Elements> frozen, Path folder) throws IOException {
        XlaSavedModel.write(XlaGraph.of(program, frozen, XlaGraph.Passing.TYPED), folder);
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
