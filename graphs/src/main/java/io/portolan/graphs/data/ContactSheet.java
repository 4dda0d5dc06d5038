package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** An image that shows samples of a data set in a grid, each with its index and label. */
public final class ContactSheet {
    private static final List<String> NAMES = List.of("disconnected", "connected");
    private static final List<Color> COLOURS = List.of(new Color(0xE0, 0x7A, 0x5F), new Color(0x6F, 0xB9, 0x8F));
    private static final Color PAPER = new Color(0x20, 0x24, 0x2B);
    private static final Color INK = new Color(0x9A, 0xA3, 0xAF);

    /** Smallest size at which images are shown; smaller images are enlarged by an integer factor. */
    private static final int SHOWN = 192;

    private static final int GAP = 18;
    private static final int CAPTION = 24;
    private static final int FRAME = 2;
    private static final int ROUNDING = 8;
    private static final int FONT_SCALE = 2;

    private final Dataset dataset;
    private final int scale;
    private final int cellWidth;
    private final int cellHeight;

    private ContactSheet(Dataset dataset) {
        ImageInput input = dataset.input();
        this.dataset = dataset;
        this.scale = Math.max(1, SHOWN / Math.max(input.height(), input.width()));
        this.cellWidth = Math.max(SHOWN, input.width() * scale);
        this.cellHeight = input.height() * scale + CAPTION;
    }

    /**
     * Draws a random selection of samples with a fixed seed; a video is shown by its first frame.
     *
     * @param count number of samples, or all if there are fewer
     */
    public static BufferedImage draw(Dataset dataset, int count) throws IOException {
        int[] order = ReferenceSplit.order(dataset.size(), ReferenceSplit.SEED);
        int[] picked = Arrays.copyOf(order, Math.min(count, order.length));
        Arrays.sort(picked);
        return new ContactSheet(dataset).draw(picked);
    }

    private BufferedImage draw(int[] picked) throws IOException {
        int count = picked.length;
        int columns = Math.max(1, (int) Math.ceil(Math.sqrt(count * 1.5)));
        int rows = Math.max(1, (count + columns - 1) / columns);
        BufferedImage sheet = new BufferedImage(
                GAP + columns * (cellWidth + GAP), GAP + rows * (cellHeight + GAP), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(PAPER);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        float[] values = new float[dataset.sampleSize()];
        for (int i = 0; i < count; i++) {
            int label = dataset.load(picked[i], values, 0);
            int left = GAP + i % columns * (cellWidth + GAP);
            int top = GAP + i / columns * (cellHeight + GAP);
            drawCell(graphics, left, top, picked[i], values, label);
        }
        graphics.dispose();
        return sheet;
    }

    private void drawCell(Graphics2D graphics, int left, int top, int index, float[] values, int label) {
        ImageInput input = dataset.input();
        int width = input.width() * scale;
        int height = input.height() * scale;
        boolean known = label < NAMES.size();
        graphics.setColor(known ? COLOURS.get(label) : INK);
        graphics.fill(new RoundRectangle2D.Double(
                left - FRAME, top - FRAME, width + 2 * FRAME, height + 2 * FRAME, ROUNDING, ROUNDING));
        float[] frame = Arrays.copyOf(values, input.height() * input.width() * ImageInput.CHANNELS);
        graphics.drawImage(
                rgb(GreyLevels.nearest(frame), input.height(), input.width()), left, top, width, height, null);
        int captionTop = top + height + CAPTION - PixelFont.ROWS * FONT_SCALE;
        PixelFont.draw(graphics, known ? NAMES.get(label) : "label " + label, left, captionTop, FONT_SCALE);
        graphics.setColor(INK);
        String number = Integer.toString(index);
        int right = left + Math.max(width, SHOWN);
        PixelFont.draw(graphics, number, right - PixelFont.width(number), captionTop + PixelFont.ROWS, 1);
    }

    /** An RGB image instead of a grey one, because Java converts grey levels as linear light and brightens them. */
    private static BufferedImage rgb(byte[] pixels, int height, int width) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pixels.length; i++) {
            image.setRGB(i % width, i / width, (pixels[i] & 0xff) * 0x010101);
        }
        return image;
    }
}
