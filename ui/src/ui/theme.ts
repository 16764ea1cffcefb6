// Mantine dressed in our tokens: one accent, ink buttons, borders instead of shadows. Components are
// named, not imported, or the first page would carry all of them.
import { createTheme, type MantineColorsTuple } from "@mantine/core";
import controls from "./controls.module.css";

const accent: MantineColorsTuple = [
  "#edf2fe",
  "#d6e2fd",
  "#b0c8fb",
  "#8cadff",
  "#6a93f5",
  "#4474e8",
  "#2457d6",
  "#1f4fc4",
  "#19409f",
  "#12307a",
];

const floating = { transitionProps: { duration: 80 }, classNames: { dropdown: controls.dropdown } };

export const theme = createTheme({
  colors: { accent },
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 3 },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  components: {
    Button: {
      defaultProps: { size: "sm", variant: "filled", loaderProps: { type: "dots" } },
      classNames: { root: controls.button },
    },
    ActionIcon: {
      defaultProps: { variant: "transparent", size: 32 },
      classNames: { root: controls.icon },
    },
    Input: { classNames: { input: controls.input } },
    InputWrapper: {
      classNames: {
        label: controls.label,
        description: controls.description,
        error: controls.error,
      },
    },
    Checkbox: {
      defaultProps: { size: "xs", radius: 4 },
      classNames: { input: controls.checkbox, icon: controls.checkboxIcon },
    },
    Select: {
      defaultProps: {
        checkIconPosition: "right",
        comboboxProps: { transitionProps: { duration: 0 } },
      },
      classNames: { dropdown: controls.dropdown, option: controls.item },
    },
    Menu: {
      defaultProps: { ...floating, position: "bottom-end", withInitialFocusPlaceholder: false },
      classNames: {
        dropdown: controls.dropdown,
        item: controls.item,
        label: controls.menuLabel,
      },
    },
    Popover: { defaultProps: floating, classNames: floating.classNames },
    Tooltip: {
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } },
      classNames: { tooltip: controls.tooltip },
    },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { "aria-label": "Close" },
      },
      classNames: {
        content: controls.modal,
        header: controls.modalHeader,
        title: controls.modalTitle,
      },
    },
    Drawer: {
      defaultProps: {
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.25 },
        closeButtonProps: { "aria-label": "Close" },
      },
      classNames: {
        content: controls.modal,
        header: controls.modalHeader,
        title: controls.modalTitle,
      },
    },
    Skeleton: { defaultProps: { radius: 4 } },
  },
});
