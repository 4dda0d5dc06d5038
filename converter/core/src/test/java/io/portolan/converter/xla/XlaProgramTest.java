package io.portolan.converter.xla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;

class XlaProgramTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "a square; %r = chlo.square %a : tensor<2xf32> -> tensor<2xf32>; 9",
                "the conjugate of real numbers; %r = chlo.conj %a : tensor<2xf32> -> tensor<2xf32>; 3",
                "a place; %r = stablehlo.custom_call @annotate_device_placement(%a) : (tensor<2xf32>) -> tensor<2xf32>; 3",
                "devices; %r = \"stablehlo.all_gather\"(%a) <{all_gather_dim = 0 : i64,"
                        + " replica_groups = dense<0> : tensor<1x1xi64>}> : (tensor<2xf32>) -> tensor<2xf32>; 3",
                "a number of a device; %n = stablehlo.partition_id : tensor<ui32> %c = stablehlo.convert %n :"
                        + " (tensor<ui32>) -> tensor<f32> %b = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<f32>)"
                        + " -> tensor<2xf32> %r = stablehlo.add %a, %b : tensor<2xf32>; 3"
            })
    void computesWhatTensorFlowDoesNotKnow(String what, String code, float expected) throws Exception {
        Program program = program(code);
        try (XlaProgram xla = new XlaProgram(program)) {
            assertEquals(expected, xla.run(List.of(threes())).get(0).doubleAt(0), what);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "the operations foo.bar; %r = \"foo.bar\"(%a) : (tensor<2xf32>) -> tensor<2xf32>",
                "the operations stablehlo.collective_permute; %r = \"stablehlo.collective_permute\"(%a)"
                        + " <{source_target_pairs = dense<0> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>",
                "elements of the types f8E4M3; %b = stablehlo.convert %a : (tensor<2xf32>) -> tensor<2xf8E4M3> %r ="
                        + " stablehlo.convert %b : (tensor<2xf8E4M3>) -> tensor<2xf32>"
            })
    void refusesWhatEndsTheProcess(String reason, String code) throws Exception {
        Program program = program(code);
        String message =
                assertThrows(XlaException.class, () -> new XlaProgram(program)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void takesOnlyInputsOfItsTypes() throws Exception {
        try (XlaProgram xla = new XlaProgram(program("%r = stablehlo.abs %a : tensor<2xf32>"))) {
            Elements wrong = Elements.ofLongs(TensorType.of(ElementType.I32, 2), 1, 2);
            assertThrows(IllegalArgumentException.class, () -> xla.run(List.of(wrong)));
            assertThrows(IllegalArgumentException.class, () -> xla.run(List.of()));
        }
    }

    /** A model with its parameters in it, which any program that has TensorFlow can serve. */
    @Test
    void becomesASavedModelWithParameters() throws Exception {
        GoldenProgram golden = new GoldenProgram("mlp");
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        GoldenSample sample = GoldenSample.of(golden);
        Map<String, Elements> parameters = new LinkedHashMap<>(sample.inputs());
        Elements input = parameters.remove("[1]");
        Path model = folder.resolve("model");
        XlaProgram.save(program, parameters, model);
        try (SavedModelBundle bundle = SavedModelBundle.load(model.toString(), "serve");
                TFloat32 fed = TFloat32.tensorOf(
                        Shape.of(input.type().dims().stream()
                                .mapToLong(Long::longValue)
                                .toArray()),
                        data -> {
                            int[] next = {0};
                            data.scalars().forEach(scalar -> scalar.setFloat((float) input.doubleAt(next[0]++)));
                        })) {
            assertEquals(
                    Set.of("in[1]"),
                    bundle.metaGraphDef()
                            .getSignatureDefOrThrow("serving_default")
                            .getInputsMap()
                            .keySet());
            try (Tensor result = bundle.function("serving_default")
                    .call(Map.of("in[1]", fed))
                    .get("out")
                    .orElseThrow()) {
                Elements expected = sample.outputs().get("");
                float[][] got = StdArrays.array2dCopyOf((TFloat32) result);
                for (int i = 0; i < expected.held(); i++) {
                    assertEquals(expected.doubleAt(i), got[i / got[0].length][i % got[0].length], 1e-5);
                }
            }
        }
        assertThrows(FileAlreadyExistsException.class, () -> XlaProgram.save(program, parameters, model));
    }

    private static Elements threes() {
        return new Elements(TensorType.of(ElementType.F32, 2), ByteBuffer.wrap(new byte[] {0, 0, 0x40, 0x40}));
    }

    private static Program program(String code) throws Exception {
        String text = "module { func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> { " + code
                + " return %r : tensor<2xf32> } }";
        return ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "test");
    }
}
