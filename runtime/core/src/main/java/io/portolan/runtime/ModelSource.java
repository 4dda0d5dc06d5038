package io.portolan.runtime;

import java.util.regex.Pattern;

/**
 * The checkpoint that a model was exported from.
 *
 * @param fileName name of the file, without its folder
 * @param sha256 SHA-256 digest of the file as 64 lower-case hexadecimal digits
 */
public record ModelSource(String fileName, String sha256) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the name is blank or the digest is malformed */
    public ModelSource {
        if (fileName.isBlank()) {
            throw new IllegalArgumentException("the file name is blank");
        }
        if (!DIGEST.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "a SHA-256 digest is 64 lower-case hexadecimal digits, not '" + sha256 + "'");
        }
    }
}
