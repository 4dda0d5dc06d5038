package io.portolan.programs.text;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portolan.programs.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that claim too much, or are not what they claim: one line that tells where and why, within a second. */
class HostileTextTest {
    private static final int MANY = 100_000;

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("nothing", "", "expected a module or a function"),
                arguments("a name on several lines", body("\"a.b\\0Ac\"(%x) : () -> ()"), "not defined"),
                arguments("another file", "hello", "expected a function"),
                arguments(
                        "regions in regions",
                        "module { func.func @f() { " + "\"a.b\"() ({ ".repeat(MANY),
                        "nested deeper than 512"),
                arguments("lists in lists", "module attributes {a = " + "[".repeat(MANY), "nested deeper than 512"),
                arguments("dictionaries", "module attributes {a = " + "{a = ".repeat(MANY), "nested deeper than 512"),
                arguments("tuples", body("%a = stablehlo.tuple : " + "tuple<".repeat(MANY)), "nested deeper than 512"),
                arguments("an open bracket", "module { func.func @f() loc(" + "(".repeat(MANY), "line 1"),
                arguments(
                        "a location",
                        body("%a = stablehlo.iota dim = 0 : tensor<3xf32> loc(" + "(".repeat(MANY)),
                        "a bracket is not closed"),
                arguments("an open text", "module attributes {a = \"x\n", "a text does not end on its line"),
                arguments("a huge splat that claims a list", constant("[1.0]", "9223372036854775807xf32"), "1 items"),
                arguments("an overflowing size", constant("1.0", "99999999999999999999xf32"), "63 bits"),
                arguments(
                        "overflowing sizes", constant("[1.0]", "4294967296x4294967296x4294967296xf32"), "expected '['"),
                arguments("too few elements", constant("[1.0, 2.0]", "3xf32"), "2 items"),
                arguments("too many elements", constant("[1.0, 2.0]", "1xf32"), "2 items"),
                arguments("uneven lists", constant("[[1, 2], [3]]", "2x2xi32"), "1 items"),
                arguments("too few bytes", constant("\"0x0000803F\"", "?xf32"), "unknown sizes"),
                arguments("an odd digit", constant("\"0x000\"", "2xf32"), "pairs of hexadecimal digits"),
                arguments("bytes of no element", constant("\"0x0000\"", "2xf32"), "got 2 bytes"),
                arguments("booleans in one byte", constant("\"0x05\"", "3xi1"), "ambiguous"),
                arguments("a boolean of 2", constant("\"0x000102\"", "3xi1"), "expected 0 or 1"),
                arguments(
                        "elements that were left out",
                        body("%a = stablehlo.constant dense_resource<__elided__> :" + " tensor<3xf32>"),
                        "left out when the text was printed"),
                arguments("a number that is too large", constant("300", "i8"), "does not fit into 8 bits"),
                arguments("a float that is too large", constant("1.0e+300", "f32"), "too large"),
                arguments("a half that is too large", constant("70000.0", "f16"), "too large"),
                arguments("many digits", constant("1".repeat(MANY), "i32"), "digits"),
                arguments("many axes", constant("1", "1x".repeat(MANY) + "i32"), "axes"),
                arguments("many results", body("%a:999999999 = stablehlo.iota dim = 0 : tensor<3xf32>"), "results"),
                arguments("an unknown value", body("%a = stablehlo.abs %b : tensor<3xf32>"), "'%b' is not defined"),
                arguments("a value defined twice", body(iota("a") + iota("a")), "'%a' is defined twice"),
                arguments(
                        "a result that is not there",
                        body(iota("a") + "%b = stablehlo.abs %a#1 : tensor<3xf32>"),
                        "no number 1"),
                arguments(
                        "a type that is not the operand's",
                        body(iota("a") + "%b = stablehlo.abs %a : tensor<4xf32>"),
                        "its signature says"),
                arguments("an unknown operation", body("%a = foo.bar : tensor<3xf32>"), "'foo.bar' is unknown"),
                arguments(
                        "an unknown attribute",
                        body("%a = \"stablehlo.iota\"() <{iota_dimension = 0 : i64, sparse = 1 :"
                                + " i64}> : () -> tensor<3xf32>"),
                        "unknown attribute sparse"),
                arguments(
                        "an attribute of another kind",
                        body("%a = \"stablehlo.iota\"() <{iota_dimension = \"x\"}> : ()" + " -> tensor<3xf32>"),
                        "of kind Text, expected Int"),
                arguments(
                        "an absent attribute",
                        body("%a = \"stablehlo.iota\"() : () -> tensor<3xf32>"),
                        "expected an attribute iota_dimension"),
                arguments(
                        "several blocks",
                        body("\"a.b\"() ({ ^bb0: \"a.c\"() : () -> () ^bb1: }) : () -> ()"),
                        "several blocks"),
                arguments(
                        "an attribute of itself",
                        "#a = [#b]\n#b = [#a]\nmodule attributes {x = #a} {}",
                        "is defined by itself"),
                arguments("attributes in attributes", chain(), "nested deeper than 512"),
                arguments("attributes that double", doubling(), "values in all"),
                arguments("an unknown alias", "module attributes {x = #nothing} {}", "'#nothing' is not defined"),
                arguments(
                        "a function twice", "module { func.func @f() { return } func.func @f() { return } }", "twice"),
                arguments("a function without a body", "module { func.func private @f(%a: tensor<f32>) }", "no body"),
                arguments(
                        "a function that returns another type",
                        "module { func.func @f(%a: tensor<f32>) -> tensor<f64> { return %a : tensor<f32> } }",
                        "its type says"),
                arguments("more after the end", "module {} module {}", "expected the end"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void isRefusedInOneLine(String what, String text, String reason) {
        Refusals.expect(reason, () -> StableHloText.read(text.getBytes(StandardCharsets.UTF_8)));
        Refusals.expect("column", () -> StableHloText.read(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String body(String operations) {
        return "module { func.func @main() {\n" + operations + "\n return } }";
    }

    private static String iota(String name) {
        return "%" + name + " = stablehlo.iota dim = 0 : tensor<3xf32>\n";
    }

    private static String constant(String elements, String type) {
        return body("%a = stablehlo.constant dense<" + elements + "> : tensor<" + type + ">");
    }

    /** Every alias holds the one before it, which is known then. */
    private static String chain() {
        return IntStream.range(1, 2000)
                        .mapToObj(i -> "#a" + i + " = [#a" + (i - 1) + "]\n")
                        .collect(Collectors.joining())
                + IntStream.range(1, 2000)
                        .mapToObj(i -> "x" + i + " = #a" + i)
                        .collect(Collectors.joining(", ", "#a0 = 1 : i64\nmodule attributes {", "} {}"));
    }

    /** Every alias holds the one before it twice. */
    private static String doubling() {
        return IntStream.range(1, 100)
                .mapToObj(i -> "#a" + i + " = [#a" + (i - 1) + ", #a" + (i - 1) + "]\n")
                .collect(Collectors.joining("", "#a0 = 1 : i64\n", "module attributes {x = #a99} {}"));
    }
}
