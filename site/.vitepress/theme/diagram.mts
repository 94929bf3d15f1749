/** A Mermaid diagram, drawn in the reader's browser in the colors of the page. */
import type { Mermaid } from 'mermaid';
import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref, useId, watch } from 'vue';

/** In a build, config.mts copies Mermaid's own bundle beside the pages: to bundle it again takes longer than all pages. */
async function load(): Promise<Mermaid> {
  const module = import.meta.env.DEV
    ? await import('mermaid')
    : await import(/* @vite-ignore */ withBase('/mermaid/mermaid.esm.min.mjs'));
  return module.default;
}

/** A wide diagram scrolls where its text would be smaller than half of the page's. */
const readable = (svg: string): string =>
  svg.replace(/max-width: ([\d.]+)px/, (style, width) => `${style}; min-width: ${Math.round(Number(width) * 0.5)}px`);

export const Diagram = defineComponent({
  props: {
    /** The source of the diagram, as `encodeURIComponent` writes it. */
    source: { type: String, required: true },
  },
  setup({ source }) {
    const { isDark } = useData();
    const id = `diagram-${useId()}`;
    const text = decodeURIComponent(source);
    const svg = ref('');
    const draw = async (): Promise<void> => {
      const mermaid = await load();
      mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: isDark.value ? 'dark' : 'default' });
      svg.value = readable((await mermaid.render(id, text)).svg);
    };
    onMounted(() => {
      watch(isDark, draw, { immediate: true });
    });
    // Before it is drawn, and in a browser without scripts, the source is shown.
    return () =>
      svg.value === '' ? h('pre', { class: 'diagram' }, text) : h('div', { class: 'diagram', innerHTML: svg.value });
  },
});
