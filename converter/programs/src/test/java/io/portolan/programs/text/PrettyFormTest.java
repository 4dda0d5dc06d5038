package io.portolan.programs.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.portolan.programs.stablehlo.Module;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms that the golden programs lack: the pretty form says what the generic one does, of today's MLIR or of that before 2023. */
class PrettyFormTest {
    private static final String ARGUMENTS =
            "%a: tensor<2x4xf32>, %b: tensor<2x4xf32>, %i: tensor<i32>, %k: tensor<2xui64>, %c: tensor<4x4xf32>,"
                    + " %t: tuple<tensor<2x4xf32>, tensor<i32>>, %s: tensor<2xi32>";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "stablehlo.add %a, %b : tensor<2x4xf32>; \"stablehlo.add\"(%a, %b) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>",
                "stablehlo.cholesky %c, lower = true : tensor<4x4xf32>; \"stablehlo.cholesky\"(%c) {lower = true} : (tensor<4x4xf32>) -> tensor<4x4xf32>",
                "stablehlo.broadcast %i, sizes = [2] : (tensor<i32>) -> tensor<2xi32>; \"stablehlo.broadcast\"(%i) {broadcast_sizes = dense<2> : tensor<1xi64>} : (tensor<i32>) -> tensor<2xi32>",
                "stablehlo.dot %a, %c, precision = [HIGHEST, DEFAULT] : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>; \"stablehlo.dot\"(%a, %c) {precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision DEFAULT>]} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>",
                "stablehlo.dot_general %a, %a, batching_dims = [0] x [0], contracting_dims = [1] x [1], precision = [HIGH, HIGH], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2xf32>; \"stablehlo.dot_general\"(%a, %a) <{algorithm = #stablehlo.dot_algorithm<lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false>, dot_dimension_numbers = #stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1]>, precision_config = [#stablehlo<precision HIGH>, #stablehlo<precision HIGH>]}> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2xf32>",
                "stablehlo.rng_bit_generator %k, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>); \"stablehlo.rng_bit_generator\"(%k) <{rng_algorithm = #stablehlo<rng_algorithm PHILOX>}> : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>)",
                "stablehlo.reduce_precision %a, format = e5m10 : tensor<2x4xf32>; \"stablehlo.reduce_precision\"(%a) <{exponent_bits = 5 : i32, mantissa_bits = 10 : i32}> : (tensor<2x4xf32>) -> tensor<2x4xf32>",
                "stablehlo.get_tuple_element %t[1] : (tuple<tensor<2x4xf32>, tensor<i32>>) -> tensor<i32>; \"stablehlo.get_tuple_element\"(%t) {index = 1 : i32} : (tuple<tensor<2x4xf32>, tensor<i32>>) -> tensor<i32>",
                "stablehlo.tuple %a, %i : tuple<tensor<2x4xf32>, tensor<i32>>; \"stablehlo.tuple\"(%a, %i) : (tensor<2x4xf32>, tensor<i32>) -> tuple<tensor<2x4xf32>, tensor<i32>>",
                "stablehlo.optimization_barrier %a, %i : tensor<2x4xf32>, tensor<i32>; \"stablehlo.optimization_barrier\"(%a, %i) : (tensor<2x4xf32>, tensor<i32>) -> (tensor<2x4xf32>, tensor<i32>)",
                "stablehlo.replica_id : tensor<ui32>; \"stablehlo.replica_id\"() : () -> tensor<ui32>",
                "stablehlo.slice %a [0:1, 1:4:2] : (tensor<2x4xf32>) -> tensor<1x2xf32>; \"stablehlo.slice\"(%a) <{start_indices = array<i64: 0, 1>, limit_indices = array<i64: 1, 4>, strides = array<i64: 1, 2>}> : (tensor<2x4xf32>) -> tensor<1x2xf32>",
                "stablehlo.compare LE, %a, %b : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xi1>; \"stablehlo.compare\"(%a, %b) <{comparison_direction = #stablehlo<comparison_direction LE>}> : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xi1>",
                "stablehlo.custom_call @f(%a) {api_version = 2 : i32, backend_config = \"\", called_computations = [@main]} : (tensor<2x4xf32>) -> (); \"stablehlo.custom_call\"(%a) <{call_target_name = \"f\", api_version = 2 : i32, called_computations = [@main]}> : (tensor<2x4xf32>) -> ()",
                "stablehlo.exponential %a {result_accuracy = #stablehlo.result_accuracy<ulps = 4, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<2x4xf32>; \"stablehlo.exponential\"(%a) : (tensor<2x4xf32>) -> tensor<2x4xf32>",
                "chlo.next_after %a, %b : tensor<2x4xf32>, tensor<2x4xf32> -> tensor<2x4xf32>; \"chlo.next_after\"(%a, %b) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>",
                "chlo.top_k(%a, k = 3) : tensor<2x4xf32> -> (tensor<2x3xf32>, tensor<2x3xi32>); \"chlo.top_k\"(%a) <{k = 3 : i64}> : (tensor<2x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xi32>)",
                "stablehlo.constant dense<[1.5, 0x7F800000]> : tensor<2xf32>; \"stablehlo.constant\"() <{value = dense<\"0x0000C03F0000807F\"> : tensor<2xf32>}> : () -> tensor<2xf32>",
                "stablehlo.constant dense<[1.5, -0.0]> : tensor<2xbf16>; \"stablehlo.constant\"() {value = dense<\"0xC03F0080\"> : tensor<2xbf16>} : () -> tensor<2xbf16>",
                "stablehlo.constant dense<(1.0,-2.0)> : tensor<3xcomplex<f32>>; \"stablehlo.constant\"() {value = dense<\"0x0000803F000000C0\"> : tensor<3xcomplex<f32>>} : () -> tensor<3xcomplex<f32>>",
                "stablehlo.constant dense<[true, false, true, true, false, false, false, false, true]> : tensor<9xi1>; \"stablehlo.constant\"() {value = dense<\"0x0D01\"> : tensor<9xi1>} : () -> tensor<9xi1>",
                "stablehlo.constant dense<[[], []]> : tensor<2x0xf32>; \"stablehlo.constant\"() {value = dense<> : tensor<2x0xf32>} : () -> tensor<2x0xf32>",
                "stablehlo.reduce_precision %a, format = e8m7 {foo = \"bar\"} : tensor<2x4xf32>; \"stablehlo.reduce_precision\"(%a) <{exponent_bits = 8 : i32, mantissa_bits = 7 : i32}> {foo = \"bar\"} : (tensor<2x4xf32>) -> tensor<2x4xf32>"
            })
    void saysTheSame(String pretty, String generic) throws Exception {
        Module one = module(pretty);
        assertEquals(Optional.empty(), ModuleDifference.between(one, module(generic)));
        byte[] written = StableHloWriter.write(one).getBytes(StandardCharsets.UTF_8);
        if (!pretty.contains("algorithm = <")) {
            assertEquals(Optional.empty(), ModuleDifference.inCode(one, StableHloText.read(written)));
        }
    }

    @Test
    void placementsOfShardyAreLeftOut() throws Exception {
        Module with = read(
                "module { sdy.mesh @mesh = <[\"d\"=1]>\n func.func @f(%a: tensor<3xf32> {sdy.sharding ="
                        + " #sdy.sharding<@mesh, [{\"d\"}]>}) -> tensor<3xf32> { %b = sdy.sharding_constraint %a <@mesh,"
                        + " [{\"d\"}]> : tensor<3xf32>\n %c = stablehlo.abs %b : tensor<3xf32>\n return %c : tensor<3xf32> } }");
        Module without = read("module { func.func @f(%a: tensor<3xf32>) -> tensor<3xf32> { %c = stablehlo.abs %a :"
                + " tensor<3xf32>\n return %c : tensor<3xf32> } }");
        assertEquals(Optional.empty(), ModuleDifference.inCode(without, with));
    }

    /** Names are texts of any letters; comments, aliases after their use and locations in seven places. */
    @Test
    void readsNamesOfAnyLetters() throws Exception {
        Module module = read("// a comment\nmodule @\"jit_<lambda>\" attributes {\"a b\" = #x, c} {\n"
                + "func.func public @\"sch\\C3\\B6n \\22\"(%0: tensor<f32> {a.b} loc(\"it's (1\")) -> (tensor<f32> {c ="
                + " \"->\"}) attributes {d} {\n %1 = stablehlo.abs %0 : tensor<f32> loc(fused<\"m\">[\"a\":1:2 to :3,"
                + " \"jit(f)/abs\"(#l)])\n return %1 : tensor<f32> loc(#l) } loc(unknown) } loc(#l)\n"
                + "#l = loc(callsite(\"g\"(\"f.py\":1:2) at unknown))\n#x = 5 : i8\n{-# dialect_resources: {b: {c:"
                + " \"0x08\"}} #-}\n");
        assertEquals("jit_<lambda>", module.name());
        var function = module.function("schön \"");
        assertEquals("it's (1", function.argumentNames().get(0));
        assertEquals("jit(f)/abs", function.body().operations().get(0).location());
        assertEquals(Optional.empty(), ModuleDifference.inCode(module, read(StableHloWriter.write(module))));
    }

    /** What has no written form is left out: words in attributes that are not declared, parts of aliases, odd pads. */
    @Test
    void writesWhateverItReads() throws Exception {
        for (String code : new String[] {
            "%r = stablehlo.abs %a {x = #stablehlo<precision HIGHEST>, y = [#foo.bar<1>]} : tensor<2x4xf32>",
            "%r = stablehlo.custom_call @f(%a) {output_operand_aliases = [1, {}]} : (tensor<2x4xf32>) -> tensor<2x4xf32>",
            "\"stablehlo.select_and_scatter\"(%a) {padding = dense<1> : tensor<3xi64>} : (tensor<2x4xf32>) -> ()"
        }) {
            read(StableHloWriter.write(module(code)));
        }
    }

    /** An operation of an unknown dialect is kept with all attributes. */
    @Test
    void keepsUnknownOperations() throws Exception {
        Module module =
                module("\"foo.bar\"(%a) <{x = 1 : i64}> ({ \"foo.baz\"() : () -> () }) {y} : (tensor<2x4xf32>) -> ()");
        var operation = module.main().body().operations().get(0);
        assertEquals("foo.bar", operation.name());
        assertEquals(2, operation.attributes().size());
        assertEquals(1, operation.regions().size());
        assertNotEquals(
                Optional.empty(), ModuleDifference.inCode(module, module("\"foo.bar\"(%a) : (tensor<2x4xf32>) -> ()")));
    }

    private static Module module(String operation) throws Exception {
        return read("module { func.func @main(" + ARGUMENTS + ") {\n" + operation + "\nreturn } }");
    }

    private static Module read(String text) throws Exception {
        return StableHloText.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
