package io.portolan.samples;

import java.nio.file.Path;

/** The local repository that the profile "release" stages a release into. */
final class Staging {
    static final Path FOLDER = Path.of(System.getProperty("staging"));
    static final String VERSION = System.getProperty("release.version");

    private Staging() {}

    static Path folder(String artifact) {
        return FOLDER.resolve(Path.of("io", "portolan", artifact, VERSION));
    }

    /** A file of an artifact. {@code rest} follows the version in its name, such as {@code -sources.jar}. */
    static Path file(String artifact, String rest) {
        return folder(artifact).resolve(artifact + "-" + VERSION + rest);
    }
}
