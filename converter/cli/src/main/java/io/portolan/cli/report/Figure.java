package io.portolan.cli.report;

import java.awt.image.BufferedImage;
import java.util.Map;

/** Something to look at, in a page or as files. */
interface Figure {
    String title();

    /** What there is to see, for those who cannot. */
    String alt();

    /** Its markup, without the caption. */
    String html();

    /** Its pictures, each by what tells it from the others of this figure; the empty name if there is but one. */
    Map<String, BufferedImage> pictures();
}
