package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A figure of maps side by side.
 *
 * @param axes the axes of a map
 * @param unit of the numbers
 * @param scale of all maps; empty if each has its own, which its label then shows
 */
record MapGrid(
        String title, String alt, String axes, String unit, Optional<Scale> scale, List<Tile> tiles, boolean plays)
        implements Figure {
    private static final int SMALLEST_FILE = 256;

    /**
     * A map.
     *
     * @param note a further remark, or empty
     */
    record Tile(String label, String note, BufferedImage image) {
        Tile(String label, BufferedImage image) {
            this(label, "", image);
        }
    }

    /** One scale for all maps. */
    static MapGrid of(
            String title,
            String alt,
            String axes,
            String unit,
            Map<String, Plane> planes,
            Function<List<Plane>, Scale> scaling) {
        Scale scale = scaling.apply(List.copyOf(planes.values()));
        List<Tile> tiles = new ArrayList<>();
        planes.forEach((label, plane) -> tiles.add(new Tile(label, Pictures.of(plane, scale))));
        return new MapGrid(title, alt, axes, unit, Optional.of(scale), tiles, false);
    }

    /** A scale for each map, from 0 to its largest magnitude. */
    static MapGrid eachForItself(String title, String alt, String axes, String unit, Map<String, Plane> planes) {
        List<Tile> tiles = new ArrayList<>();
        planes.forEach((label, plane) -> {
            Scale scale = Scale.ofMagnitudes(List.of(plane));
            tiles.add(new Tile(label, "largest " + Numbers.brief(scale.high()), Pictures.of(plane, scale)));
        });
        return new MapGrid(title, alt, axes, unit, Optional.empty(), tiles, false);
    }

    /** A copy with a picture blended into each map, by the map's number. */
    MapGrid over(IntFunction<BufferedImage> pictures) {
        List<Tile> blended = IntStream.range(0, tiles.size())
                .mapToObj(i -> new Tile(
                        tiles.get(i).label, tiles.get(i).note, Pictures.over(pictures.apply(i), tiles.get(i).image)))
                .toList();
        return new MapGrid(title, alt, axes, unit, scale, blended, plays);
    }

    /** A copy with a player that shows the maps one after the other. */
    MapGrid playing() {
        return new MapGrid(title, alt, axes, unit, scale, tiles, true);
    }

    @Override
    public String html() {
        return Templates.render("maps", this);
    }

    /** For the template. */
    List<Map<String, Object>> images() {
        return tiles.stream()
                .<Map<String, Object>>map(tile -> Map.of(
                        "label",
                        tile.label,
                        "note",
                        tile.note,
                        "alt",
                        title + ", " + tile.label,
                        "source",
                        Pictures.dataUri(tile.image),
                        "width",
                        tile.image.getWidth(),
                        "height",
                        tile.image.getHeight()))
                .toList();
    }

    /** For the template. */
    Optional<Map<String, String>> bar() {
        return scale.map(known -> Map.of(
                "gradient", known.colors().gradient(),
                "low", Numbers.brief(known.low()),
                "high", Numbers.brief(known.high())));
    }

    @Override
    public Map<String, BufferedImage> pictures() {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        tiles.forEach(tile ->
                pictures.put(tiles.size() == 1 ? "" : tile.label, Pictures.enlarged(tile.image, SMALLEST_FILE)));
        return pictures;
    }
}
