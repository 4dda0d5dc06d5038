package io.portolan.cli.report;

import java.awt.Color;
import java.awt.image.IndexColorModel;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Colour maps, perceptually uniform in lightness. */
enum ColorMap {
    /** For magnitudes, from 0: viridis, by Nathaniel Smith and Stéfan van der Walt for matplotlib (CC0), at every twentieth. */
    VIRIDIS(
            0x440154, 0x481567, 0x482677, 0x453781, 0x404788, 0x39568C, 0x33638D, 0x2D708E, 0x287D8E, 0x238A8D,
            0x1F968B, 0x20A387, 0x29AF7F, 0x3CBB75, 0x55C667, 0x73D055, 0x95D840, 0xB8DE29, 0xDCE319, 0xFDE725),
    /** For numbers of both signs, symmetric around 0: RdBu from ColorBrewer, by Cynthia Brewer (Apache 2.0), blue below. */
    BLUE_RED(
            0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B,
            0x67001F),
    /** For pictures. */
    GREY(0x000000, 0xFFFFFF);

    static final int LEVELS = 256;

    private final int[] anchors;

    ColorMap(int... anchors) {
        this.anchors = anchors;
    }

    /** @param share from 0 to 1; NaN is black */
    Color color(double share) {
        double at = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
        int below = Math.min((int) at, anchors.length - 2);
        double weight = at - below;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= Byte.SIZE) {
            int from = anchors[below] >> shift & 0xff;
            int to = anchors[below + 1] >> shift & 0xff;
            rgb = rgb << Byte.SIZE | (int) Math.round(from + weight * (to - from));
        }
        return new Color(rgb);
    }

    /** Level 0 to 255. */
    IndexColorModel palette() {
        byte[][] channels = new byte[3][LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            Color color = color(level / (LEVELS - 1.0));
            channels[0][level] = (byte) color.getRed();
            channels[1][level] = (byte) color.getGreen();
            channels[2][level] = (byte) color.getBlue();
        }
        return new IndexColorModel(Byte.SIZE, LEVELS, channels[0], channels[1], channels[2]);
    }

    /** A CSS gradient, from left to right. */
    String gradient() {
        return IntStream.of(anchors)
                .mapToObj(rgb -> String.format("#%06x", rgb))
                .collect(Collectors.joining(", ", "linear-gradient(to right, ", ")"));
    }

    List<Integer> anchors() {
        return IntStream.of(anchors).boxed().toList();
    }
}
