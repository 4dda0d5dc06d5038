package io.portolan.graphs.data.pathfinder;

/**
 * A generated image and its geometry.
 *
 * @param size pixels along each side
 * @param pixels 8-bit grey, (size, size), row-major; 0 is black; not copied
 */
public record Picture(int size, byte[] pixels, Scene scene) {
    /** 1 if a curve joins the discs, else 0. */
    public int label() {
        return scene.connected() ? 1 : 0;
    }
}
