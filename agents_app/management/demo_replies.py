"""The demo workspace's canned replies: in English for every language, and in the other languages of the pages."""

# By language, then by shortcut.
DEMO_REPLIES = {
    "": {
        "greeting": "Hello, I have taken over from our assistant. How can I help you?",
        "one-moment": "One moment please, I am looking into it.",
        "refund-sent": "Your refund is on its way. It can take three to five working days to reach your account.",
        "closing": "I am glad I could help. Is there anything else I can do for you?",
    },
    "zh-hans": {
        "greeting": "您好，我已接替智能助手为您服务。请问有什么可以帮您？",
        "one-moment": "请稍等，我正在为您查询。",
        "refund-sent": "您的退款已发出，预计三到五个工作日到账。",
        "closing": "很高兴能帮到您。请问还有其他需要吗？",
    },
    "ja": {
        "greeting": "こんにちは。アシスタントに代わりまして担当いたします。どのようなご用件でしょうか。",
        "one-moment": "少々お待ちください。ただいま確認しております。",
        "refund-sent": "返金の手続きをいたしました。口座への反映まで三〜五営業日かかることがあります。",
        "closing": "お役に立てて何よりです。ほかにご用件はございますか。",
    },
    "es": {
        "greeting": "Hola, sigo yo con la conversación en lugar de nuestro asistente. ¿En qué puedo ayudarle?",
        "one-moment": "Un momento, por favor, lo estoy comprobando.",
        "refund-sent": "Su reembolso está en camino. Puede tardar de tres a cinco días laborables en llegar.",
        "closing": "Me alegro de haber podido ayudarle. ¿Puedo hacer algo más por usted?",
    },
    "fr": {
        "greeting": "Bonjour, je prends la suite de notre assistant. Que puis-je faire pour vous ?",
        "one-moment": "Un instant, s'il vous plaît, je vérifie.",
        "refund-sent": "Votre remboursement est en route. Il peut mettre trois à cinq jours ouvrés à arriver.",
        "closing": "Je suis content d'avoir pu vous aider. Puis-je faire autre chose pour vous ?",
    },
}
