package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Sizes as JAX writes them: numbers, names, and expressions such as {@code 2*n + 1}. */
final class Sizes {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

    private Sizes() {}

    /** A size as a dimension: products stay products, other expressions become a symbol of their own. */
    static Dim dim(String size, String argument, int axis) {
        if (size.equals("?")) {
            return Dim.symbol(ProgramImporter.inputName(argument) + "_" + axis);
        }
        long coefficient = 1;
        List<String> symbols = new ArrayList<>();
        for (String factor : size.split("\\*", -1)) {
            String text = factor.trim();
            if (NUMBER.matcher(text).matches()) {
                coefficient = Math.multiplyExact(coefficient, Long.parseLong(text));
            } else if (NAME.matcher(text).matches()) {
                symbols.add(text);
            } else {
                return Dim.symbol(size);
            }
        }
        symbols.sort(null);
        return new Dim(coefficient, symbols);
    }
}
