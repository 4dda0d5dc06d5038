package io.portolan.graphs.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The values of a model's {@linkplain ModelOption options}; those that are not given have the reference's defaults. */
public final class Options {
    /** Every option at its default. */
    public static final Options DEFAULTS = new Options(Map.of());

    private final Map<ModelOption, String> different;

    private Options(Map<ModelOption, String> different) {
        this.different = Collections.unmodifiableMap(different);
    }

    /**
     * These values.
     *
     * @throws ConfigException if an option cannot have its value
     */
    public static Options of(Map<ModelOption, String> values) {
        Map<ModelOption, String> different = new EnumMap<>(ModelOption.class);
        values.forEach((option, value) -> {
            String checked = option.checked(value);
            if (!checked.equals(option.referenceDefault().orElse(null))) {
                different.put(option, checked);
            }
        });
        return new Options(different);
    }

    public String text(ModelOption option) {
        String value = different.get(option);
        return value != null
                ? value
                : option.referenceDefault()
                        .orElseThrow(() -> new IllegalStateException(option.label() + " has no default"));
    }

    public boolean flag(ModelOption option) {
        return Boolean.parseBoolean(text(option));
    }

    public int count(ModelOption option) {
        return Integer.parseInt(text(option));
    }

    public double ratio(ModelOption option) {
        return Double.parseDouble(text(option));
    }

    /** The gates' form. */
    public GateType gateType() {
        return Choice.parse(GateType.class, ModelOption.GATE_TYPE.label(), text(ModelOption.GATE_TYPE));
    }

    /** The values that are not the defaults. */
    Map<ModelOption, String> different() {
        return different;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options that && different.equals(that.different);
    }

    @Override
    public int hashCode() {
        return different.hashCode();
    }

    @Override
    public String toString() {
        return different.toString();
    }
}
