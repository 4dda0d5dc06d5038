package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the program says about itself. */
class HelpTest {
    @Test
    void helpOfACommandIsReachedInThreeWays() {
        String help = run("convert", "--help").out();
        assertThat(run("help", "convert").out()).isEqualTo(help);
        assertThat(help).contains("Usage: portolan convert");
        assertThat(run("help", "dataset", "generate").out()).contains("Usage: portolan dataset generate");
        assertThat(run("help").out())
                .contains("First steps:")
                .isEqualTo(run("--help").out());
    }

    @Test
    void helpOfWhatIsNotThereNamesWhatIs() {
        Outcome outcome = run("help", "konvert");
        assertThat(outcome.code()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("portolan: no command 'konvert'; expected one of inspect, convert, ");
    }

    @Test
    void longHelpsAreInGroups() {
        String help = run("tf2onnx", "--help").out();
        List<String> headings =
                help.lines().filter(line -> line.matches("[A-Z][A-Za-z ]+:")).toList();
        assertThat(headings)
                .containsExactly(
                        "The part of the graph:",
                        "Its interface:",
                        "The ONNX file:",
                        "Comparison:",
                        "In every command:",
                        "Examples:");
        assertThat(help.indexOf("--output")).isLessThan(help.indexOf(headings.get(0)));
        assertThat(help.indexOf("--sample=FILE.npz ")).isGreaterThan(help.indexOf("Comparison:"));
        assertThat(help.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void theVersionNamesWhatAReportOfAFaultNeeds() {
        assertThat(run("--version").out())
                .startsWith("portolan ")
                .containsPattern("Java +" + System.getProperty("java.version"))
                .containsPattern("TensorFlow +2\\.")
                .containsPattern("ONNX Runtime +1\\.")
                .containsPattern("ONNX checker +1\\.")
                .containsPattern("CUDA +(no driver|driver)");
    }

    @Test
    void completionIsAScriptOfTheShell() {
        Outcome completion = run("completion");
        assertThat(completion.code()).isZero();
        assertThat(completion.out())
                .startsWith("#!/usr/bin/env bash")
                .contains("function _complete_portolan()", "--rename-inputs");
    }

    private static Outcome run(String... arguments) {
        return Outcome.of(arguments);
    }
}
