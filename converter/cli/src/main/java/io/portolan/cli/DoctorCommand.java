package io.portolan.cli;

import io.portolan.cli.doctor.Diagnosis;
import io.portolan.cli.doctor.Diagnosis.Finding;
import io.portolan.cli.doctor.Installation;
import io.portolan.cli.doctor.Installation.Component;
import io.portolan.cli.doctor.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Checks that this machine computes correctly.",
        description =
                "Shows the processor, memory, libraries and GPU, and runs the bundled model through ONNX Runtime, TensorFlow and a whole"
                        + " conversion, each in a process of its own. The logits must be those that JAX computed on another machine. The last"
                        + " line says what works here. Exits with 1 if something does not.",
        footerHeading = "%nExamples:%n",
        footer = {"  portolan doctor", "  portolan doctor --json > report.json"})
final class DoctorCommand implements Callable<Integer> {
    private static final int LABEL_WIDTH = 16;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> facts = new LinkedHashMap<>(Machine.describe());
        facts.put("Portolan", Portolan.version());
        facts.putAll(Installation.components().stream()
                .collect(Collectors.toMap(Component::name, Component::found, (a, b) -> a, LinkedHashMap::new)));
        if (!json) {
            facts.forEach((name, value) -> out.println(line(name, value)));
            out.println();
        }
        Diagnosis diagnosis = Diagnosis.make();
        if (json) {
            out.println(Json.of(report(facts, diagnosis)));
        } else {
            for (Finding finding : diagnosis.findings()) {
                out.println(line(
                        finding.probe().label(), Tables.format("%.1f s  %s", finding.seconds(), finding.result())));
                finding.remedy().ifPresent(remedy -> out.println(line("", "try: " + remedy)));
            }
            out.println();
            out.println(diagnosis.verdict());
        }
        return diagnosis.isHealthy() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String line(String name, String value) {
        return ("%-" + LABEL_WIDTH + "s %s").formatted(name, value);
    }

    private static Map<String, Object> report(Map<String, String> facts, Diagnosis diagnosis) {
        Map<String, Object> report = new LinkedHashMap<>(Map.of("machine", facts));
        report.put(
                "probes",
                diagnosis.findings().stream().map(DoctorCommand::report).toList());
        report.put("works", diagnosis.isHealthy());
        report.put("verdict", diagnosis.verdict());
        return report;
    }

    private static Map<String, Object> report(Finding finding) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", finding.probe().label());
        entry.put("works", finding.works());
        entry.put("seconds", finding.seconds());
        entry.put("needed_by", finding.probe().uses());
        if (finding.failure().isEmpty()) {
            entry.put("largest_relative_difference", Json.number(finding.difference()));
        }
        finding.failure().ifPresent(reason -> entry.put("failure", reason));
        finding.remedy().ifPresent(remedy -> entry.put("remedy", remedy));
        return entry;
    }
}
