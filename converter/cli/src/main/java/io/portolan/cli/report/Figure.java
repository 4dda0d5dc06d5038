package io.portolan.cli.report;

import java.awt.image.BufferedImage;
import java.util.Map;

/** A figure, for a page or for files. */
interface Figure {
    String title();

    /** The alternative text. */
    String alt();

    /** Its markup, without the caption. */
    String html();

    /** Its pictures by name; the name is empty if there is only one. */
    Map<String, BufferedImage> pictures();
}
