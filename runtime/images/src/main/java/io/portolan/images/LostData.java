package io.portolan.images;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * A listener for the warnings of a decoder. After most warnings a decoder continues with invented pixels, so all count
 * as lost data except those that are known to be harmless.
 */
final class LostData implements IIOReadWarningListener {
    /** Largest number of extra bytes after a scan: cameras leave a few, but an overwritten scan leaves many. */
    private static final int MOST_LEFT_OVER = 64;

    private static final Pattern LEFT_OVER =
            Pattern.compile("Corrupt JPEG data: (\\d+) extraneous bytes before marker .*");

    private static final List<Pattern> HARMLESS = List.of(
            Pattern.compile("Unknown Adobe color transform code .*"),
            Pattern.compile("Warning: unknown JFIF revision number .*"));

    private String warning;

    @Override
    public void warningOccurred(ImageReader source, String text) {
        if (warning == null && !isHarmless(text)) {
            warning = text;
            source.abort();
        }
    }

    /** The first warning that was not harmless, in the decoder's words. */
    Optional<String> warning() {
        return Optional.ofNullable(warning);
    }

    private static boolean isHarmless(String text) {
        Matcher leftOver = LEFT_OVER.matcher(text);
        if (leftOver.matches()) {
            return leftOver.group(1).length() <= 2 && Integer.parseInt(leftOver.group(1)) <= MOST_LEFT_OVER;
        }
        return HARMLESS.stream().anyMatch(harmless -> harmless.matcher(text).matches());
    }
}
