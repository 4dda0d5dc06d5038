package io.portolan.graphs.data.pathfinder;

import java.util.List;

/**
 * The geometry of an image.
 *
 * @param target a long snake; one of the discs is on its head
 * @param rival the other long snake
 * @param distractors short snakes without discs
 * @param connected whether the second disc is on the target's tail; otherwise it is on the rival's head
 */
public record Scene(Snake target, Snake rival, List<Snake> distractors, boolean connected) {
    public Scene {
        distractors = List.copyOf(distractors);
    }

    /** Centres of the two discs. */
    public List<Point> discs() {
        return List.of(target.head(), connected ? target.tail() : rival.head());
    }

    /** The four ends on which discs may sit. */
    public List<Point> ends() {
        return List.of(target.head(), target.tail(), rival.head(), rival.tail());
    }
}
