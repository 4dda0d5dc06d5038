package io.portolan.cli;

import io.portolan.runtime.Device;
import io.portolan.runtime.bench.ColdStart;
import io.portolan.runtime.bench.Measurement;
import io.portolan.runtime.bench.ProcessMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of a benchmark.
 *
 * @param base the model that the others are compared with
 * @param device the device that the models ran on
 * @param warmUps untimed runs of each setting
 * @param measurements the measurements of all settings, model by model
 * @param starts the cold start of each model; empty if not measured
 */
record BenchReport(Path base, Device device, int warmUps, List<Measurement> measurements, List<ColdStart> starts) {
    Lines toText() {
        List<String> parts = new ArrayList<>();
        parts.add(Tables.measurements(this).text());
        parts.add(Tables.format(
                "Milliseconds a call on %s, after %d warm-up runs each. %s, Java %s, %d cores.",
                device,
                warmUps,
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors()));
        if (!starts.isEmpty()) {
            parts.add("");
            parts.add(Tables.coldStarts(starts).text());
        }
        return new Lines(String.join("\n", parts));
    }

    Map<String, Object> toMap() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("java", System.getProperty("java.version"));
        report.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.put("device", device.name().toLowerCase(Locale.ROOT));
        report.put("cores", Runtime.getRuntime().availableProcessors());
        report.put("warm_up_runs", warmUps);
        report.put("measurements", measurements.stream().map(this::describe).toList());
        report.put("cold_starts", starts.stream().map(BenchReport::describe).toList());
        return report;
    }

    /** The median time divided by that of the base model in the same setting; NaN if the base model did not run in it. */
    double timeOverBase(Measurement measurement) {
        return measurements.stream()
                .filter(other -> other.model().equals(base) && other.setting().equals(measurement.setting()))
                .findFirst()
                .map(other -> measurement.timings().median() / other.timings().median())
                .orElse(Double.NaN);
    }

    /** Samples per second divided by those of the same model in its first setting. */
    double speedOverFirst(Measurement measurement) {
        Measurement first = measurements.stream()
                .filter(other -> other.model().equals(measurement.model()))
                .findFirst()
                .orElseThrow();
        return measurement.samplesPerSecond() / first.samplesPerSecond();
    }

    private Map<String, Object> describe(Measurement measurement) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", measurement.model().toString());
        fields.put("goal", measurement.setting().mode().name().toLowerCase(Locale.ROOT));
        fields.put("threads", measurement.setting().threads());
        fields.put("batch", measurement.setting().batch());
        fields.put("runs", measurement.timings().runs());
        fields.put("min_ms", measurement.timings().min());
        fields.put("p50_ms", measurement.timings().percentile(50));
        fields.put("p90_ms", measurement.timings().percentile(90));
        fields.put("p99_ms", measurement.timings().percentile(99));
        fields.put("samples_per_second", measurement.samplesPerSecond());
        double ratio = timeOverBase(measurement);
        fields.put("time_over_first_model", Double.isNaN(ratio) ? null : ratio);
        fields.put("speed_over_first_setting", speedOverFirst(measurement));
        return fields;
    }

    private static Map<String, Object> describe(ColdStart start) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", start.model().toString());
        fields.put("starts", start.timings().runs());
        fields.put("first_prediction_min_ms", start.timings().min());
        fields.put("first_prediction_p50_ms", start.timings().median());
        fields.put(
                "memory",
                start.memory().entrySet().stream().map(BenchReport::describe).toList());
        return fields;
    }

    private static Map<String, Object> describe(Map.Entry<Integer, ProcessMemory> memory) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("batch", memory.getKey());
        fields.put("resident_bytes", memory.getValue().resident());
        fields.put("peak_bytes", memory.getValue().peak());
        return fields;
    }
}
