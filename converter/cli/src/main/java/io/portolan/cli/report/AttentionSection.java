package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.AttentionMaps;
import io.portolan.graphs.attribution.AttentionMaps.Among;
import io.portolan.graphs.attribution.Plane;
import io.portolan.images.ImageInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The section on attention, by layer and head. */
final class AttentionSection {
    private AttentionSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>();
        if (!layers(explanation, 0, Among.PLACES).isEmpty()) {
            blocks.add(new Block.Text(
                    "What each place or frame takes of each, by head; all that it takes sums up to 1. The read-out takes"
                            + " all places alike, so a map shows what each place gives to all others on average. The distance is the mean one, in"
                            + " places, between a place and what it takes of."));
            blocks.add(distances(explanation));
        }
        for (int i = 0; i < explanation.samples().size(); i++) {
            List<Block> ofSample = ofSample(explanation, i);
            if (!ofSample.isEmpty()) {
                blocks.add(new Block.Group(
                        "Attention, " + explanation.samples().get(i).name(), i == 0, ofSample));
            }
        }
        return new Section("attention", "Attention", blocks);
    }

    private static List<Block> ofSample(Explanation explanation, int number) {
        Explanation.Sample sample = explanation.samples().get(number);
        List<Block> blocks = new ArrayList<>();
        if (!sample.rollout().isEmpty()) {
            blocks.add(new Block.Illustration(rollout(explanation, sample)));
        }
        Map<String, Plane> amongPlaces = new LinkedHashMap<>();
        layers(explanation, number, Among.PLACES)
                .forEach((path, layer) ->
                        heads(path, layer).forEach((label, frames) -> amongPlaces.put(label, Plane.mean(frames))));
        if (!amongPlaces.isEmpty()) {
            blocks.add(new Block.Illustration(MapGrid.eachForItself(
                    "Attention given by places, " + sample.name(),
                    "For each layer and head a map of what each place gives to all others on average.",
                    "positions on the map",
                    "share of what all places take, mean over frames",
                    amongPlaces)));
        }
        Map<String, Plane> amongFrames = new LinkedHashMap<>();
        layers(explanation, number, Among.FRAMES)
                .forEach((path, layer) ->
                        heads(path, layer).forEach((label, frames) -> amongFrames.put(label, frames.get(0))));
        if (!amongFrames.isEmpty()) {
            blocks.add(new Block.Illustration(MapGrid.of(
                    "Attention among frames, " + sample.name(),
                    "For each layer and head a map of what each frame takes of each.",
                    "down: the frame that takes; right: the frame that is taken of",
                    "share, mean over places",
                    amongFrames,
                    Scale::ofMagnitudes)));
        }
        return blocks;
    }

    private static MapGrid rollout(Explanation explanation, Explanation.Sample sample) {
        ImageInput input = explanation.config().input();
        Scale scale = Scale.ofMagnitudes(sample.rollout());
        List<MapGrid.Tile> tiles = IntStream.range(0, sample.rollout().size())
                .mapToObj(t -> new MapGrid.Tile(
                        sample.rollout().size() == 1 ? sample.prediction().label() : "frame " + t,
                        Pictures.over(
                                Pictures.ofFrame(sample.input(), t, input),
                                Pictures.stretched(
                                        Pictures.of(sample.rollout().get(t), scale), input.height(), input.width()))))
                .toList();
        return new MapGrid(
                "Attention through all layers, " + sample.name(),
                "A map of what the read-out takes of each place through all layers of attention, over the image.",
                "places of attention, over the image",
                "share of all places and frames (Abnar and Zuidema, 2020)",
                Optional.of(scale),
                tiles,
                tiles.size() > 1);
    }

    /** The layers of one kind by the path of their module. */
    private static Map<String, AttentionMaps> layers(Explanation explanation, int sample, Among among) {
        Map<String, AttentionMaps> layers = new LinkedHashMap<>();
        for (Explanation.Cell cell : explanation.cells()) {
            cell.attention().get(sample).stream()
                    .filter(layer -> layer.among() == among)
                    .forEach(layer -> layers.put(cell.path(), layer));
        }
        return layers;
    }

    private static Map<String, List<Plane>> heads(String path, AttentionMaps layer) {
        Map<String, List<Plane>> heads = new LinkedHashMap<>();
        for (int head = 0; head < layer.heads(); head++) {
            heads.put(path + ", head " + (head + 1), layer.received().get(head));
        }
        return heads;
    }

    private static Block distances(Explanation explanation) {
        Map<String, AttentionMaps> first = layers(explanation, 0, Among.PLACES);
        int heads = first.values().iterator().next().heads();
        List<String> header = new ArrayList<>(List.of("mean distance"));
        IntStream.rangeClosed(1, heads).forEach(head -> header.add("head " + head));
        List<List<Block.Cell>> rows = new ArrayList<>();
        first.keySet().forEach(path -> {
            List<Block.Cell> row = new ArrayList<>(List.of(words(path)));
            for (int head = 0; head < heads; head++) {
                int of = head;
                row.add(number(Numbers.fixed(
                        IntStream.range(0, explanation.samples().size())
                                .mapToDouble(i -> layers(explanation, i, Among.PLACES)
                                        .get(path)
                                        .distances()
                                        .get(of))
                                .average()
                                .orElseThrow(),
                        2)));
            }
            rows.add(row);
        });
        return new Block.Table(header, rows);
    }
}
