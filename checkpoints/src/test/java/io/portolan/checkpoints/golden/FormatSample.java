package io.portolan.checkpoints.golden;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.NoSuchElementException;

/**
 * The small files under {@code formats/}: one tree in every dialect, written by Python with numpy 1 or 2; and under
 * {@code wild/} files that were once read wrongly.
 */
public final class FormatSample {
    private FormatSample() {}

    /** The file of this name; only for tests of this module, where resources are files. */
    public static Path file(String name) {
        URL url = FormatSample.class.getResource("/formats/" + name);
        if (url == null) {
            throw new NoSuchElementException("no sample " + name);
        }
        return Path.of(URI.create(url.toString()));
    }
}
