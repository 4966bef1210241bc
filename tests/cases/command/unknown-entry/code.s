        .code16
        .text
        hlt
